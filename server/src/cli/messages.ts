import type { Command } from 'commander';
import { answer } from './answer.ts';
import { handsetApi, type ShownMessage } from './handset-api.ts';
import { wholeBetween } from './numbers.ts';
import { readings } from './readings.ts';
import { type ServiceApi, type ServiceOptions, serviceApi, serviceFlags } from './service-api.ts';
import type { Shell } from './shell.ts';
import { type Column, table, tableLines } from './table.ts';
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

/** What is listed, and how a row of it stands on the screen. */
interface Source<T> {
  readonly columns: readonly Column[];
  readonly cells: (row: T) => readonly string[];
  /** Newest first. */
  readonly page: (limit: number) => Promise<readonly T[]>;
  /** What came, or changed, since: oldest first, without end. */
  readonly news: (shown: readonly T[]) => AsyncGenerator<T>;
}

const FIELDS = { number: '--to', to: '--to', limit: '--limit' };
/** As often as a person looks; a list of a hundred rows costs the server a few milliseconds. */
const LOOK_MS = 1_000;
const PAGE = 100;
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

async function show<T extends object>(shell: Shell, options: Options, source: Source<T>, limit: number): Promise<void> {
  const { columns, cells, page, news } = source;
  const rows = await page(limit);
  if (!options.follow) return answer(shell, options, { data: rows }, table(columns, rows.map(cells)));
  const print = (row: T) => answer(shell, options, row, tableLines(columns, [cells(row)]));
  const inOrder = rows.toReversed();
  if (!options.json) shell.out(tableLines(columns, [columns.map(({ title }) => title)]));
  for (const row of inOrder) print(row);
  try {
    for await (const row of news(inOrder)) print(row);
  } catch (error) {
    if (!shell.signal.aborted) throw error;
  }
}

function sends({ sleep, signal }: Shell, api: ServiceApi, to: string | null): Source<ListedSend> {
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
    async *news(shown) {
      let states = statesOf(shown);
      // What stands before the first rows is old, though it was not shown.
      const first = shown[0]?.id ?? 0;
      for (;;) {
        await sleep(LOOK_MS, signal);
        const rows = (await page(PAGE)).filter(({ id }) => (id ?? 0) >= first);
        yield* rows.filter(({ id, status }) => states.get(id) !== status).toReversed();
        states = statesOf(rows);
      }
    },
  };
}

function statesOf(rows: readonly ListedSend[]): ReadonlyMap<number | null, string> {
  return new Map(rows.map(({ id, status }) => [id, status]));
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
