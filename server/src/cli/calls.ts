import type { Command } from 'commander';
import { changes, PAGE, type Source, show } from './listing.ts';
import { wholeBetween } from './numbers.ts';
import { readings } from './readings.ts';
import { type ServiceApi, type ServiceOptions, serviceApi, serviceFlags } from './service-api.ts';
import type { Shell } from './shell.ts';
import { writeTime } from './time.ts';

interface Options extends ServiceOptions {
  readonly limit: string;
  readonly follow?: true;
}

/** A call's record, as far as it is shown here. */
interface ListedCall {
  readonly id: string;
  readonly to: string | null;
  readonly from: string | null;
  readonly state: string;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly answered_at: string | null;
  readonly duration_seconds: number;
  readonly replays: number;
  readonly credits: number;
  readonly created_at: string;
}

export function registerCalls(program: Command, shell: Shell): void {
  const command = program
    .command('calls')
    .description('list calls and what became of them, through a running server')
    .option('--limit <n>', 'how many, 1 to 100', '20')
    .option(
      '--follow',
      'go on with what comes, and with every change of state, until Ctrl-C; with --json a line for each',
    );
  serviceFlags(command).action(async (options: Options) => {
    const { read, done } = readings();
    const limit = read('--limit', options.limit, wholeBetween(1, PAGE)) ?? 20;
    done();
    const api = serviceApi(shell, options, { limit: '--limit' });
    await show(shell, options, calls(shell, api), limit);
  });
}

function calls(shell: Shell, api: ServiceApi): Source<ListedCall> {
  async function page(limit: number): Promise<readonly ListedCall[]> {
    return ((await api.get('/v1/calls', { limit })) as { readonly data: readonly ListedCall[] }).data;
  }

  return {
    columns: [
      { title: 'AT', least: 20 },
      { title: 'TO', least: 14 },
      { title: 'FROM', least: 14 },
      { title: 'OUTCOME', least: 9 },
      { title: 'SECONDS', align: 'right' },
      { title: 'REPLAYS', align: 'right' },
      { title: 'CREDITS', align: 'right' },
      { title: 'WHY' },
    ],
    cells: (row) => [
      writeTime(Date.parse(row.created_at)),
      row.to ?? '',
      row.from ?? '',
      stateOf(row),
      String(row.duration_seconds),
      String(row.replays),
      String(row.credits),
      row.reason ?? '',
    ],
    page,
    news: (shown) =>
      changes(shell, shown, page, {
        id: (row) => row.id,
        state: stateOf,
        since: (row, first) => row.created_at >= (first?.created_at ?? ''),
      }),
  };
}

/** How it ended; until then, or where it never rang, what its delivery says. */
function stateOf({ outcome, state, answered_at }: ListedCall): string {
  if (outcome !== null) return outcome;
  return state === 'submitted' && answered_at !== null ? 'talking' : state;
}
