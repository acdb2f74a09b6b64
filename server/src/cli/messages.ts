import type { Command } from 'commander';
import { handsetApi, type ShownMessage } from './handset-api.ts';
import { changes, PAGE, type Source, show } from './listing.ts';
import { wholeBetween } from './numbers.ts';
import { readings } from './readings.ts';
import { type ServiceApi, type ServiceOptions, serviceApi, serviceFlags } from './service-api.ts';
import type { Shell } from './shell.ts';
import { writeTime } from './time.ts';

interface Options extends ServiceOptions {
  readonly to?: string;
  readonly limit: string;
  readonly follow?: true;
  readonly handset?: true;
}

/** A send, as the server lists it. */
interface ListedSend {
  readonly id: number | null;
  readonly phone_number: string;
  readonly message: string;
  readonly status: string;
  readonly credits_used: number;
  readonly created_at: string;
}

const FIELDS = { number: '--to', to: '--to', limit: '--limit' };
/** A quiet phone is asked again this often, seconds. */
const WAIT_SECONDS = 30;

export function registerMessages(program: Command, shell: Shell): void {
  const command = program
    .command('messages')
    .description('list what was sent and what became of it, through a running server')
    .option('--to <number>', 'to this number only')
    .option('--limit <n>', 'how many, 1 to 100', '20')
    .option(
      '--follow',
      'go on with what comes, and with every change of state, until Ctrl-C; with --json a line for each',
    )
    .option('--handset', 'with a test key: what the sandbox phone received');
  serviceFlags(command).action(async (options: Options) => {
    const { read, done } = readings();
    const limit = read('--limit', options.limit, wholeBetween(1, PAGE)) ?? 20;
    done();
    const api = serviceApi(shell, options, FIELDS);
    const to = options.to ?? null;
    await (options.handset
      ? show(shell, options, handset(api, to), limit)
      : show(shell, options, sends(shell, api, to), limit));
  });
}

function sends(shell: Shell, api: ServiceApi, to: string | null): Source<ListedSend> {
  async function page(limit: number): Promise<readonly ListedSend[]> {
    const list = await api.get('/api/v1/auths/list/send-otps/', { number: to, limit });
    return (list as { readonly results: { readonly data: readonly ListedSend[] } }).results.data;
  }

  return {
    columns: [
      { title: 'AT', least: 20 },
      { title: 'TO', least: 14 },
      { title: 'STATE', least: 11 },
      { title: 'CREDITS', align: 'right' },
      { title: 'MESSAGE' },
    ],
    cells: (row) => [
      writeTime(Date.parse(row.created_at)),
      row.phone_number,
      row.status,
      String(row.credits_used),
      row.message,
    ],
    page,
    news: (shown) =>
      changes(shell, shown, page, {
        id: (row) => row.id,
        state: (row) => row.status,
        since: (row, first) => (row.id ?? 0) >= (first?.id ?? 0),
      }),
  };
}

function handset(api: ServiceApi, to: string | null): Source<ShownMessage> {
  const phone = handsetApi(api);
  return {
    columns: [
      { title: 'AT', least: 20 },
      { title: 'TO', least: 14 },
      { title: 'FROM', least: 11 },
      { title: 'SEGMENTS', align: 'right' },
      { title: 'TEXT' },
    ],
    cells: (row) => [writeTime(Date.parse(row.received_at)), row.to, row.from ?? '', String(row.segments), row.text],
    page: (limit) => phone.messages(to, limit),
    async *news(shown) {
      let after = shown.at(-1)?.id ?? (await phone.end(to));
      for (;;) {
        const message = await phone.next(to, after, WAIT_SECONDS);
        if (message === null) continue;
        after = message.id;
        yield message;
      }
    },
  };
}
