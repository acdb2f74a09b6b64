import { answer } from './answer.ts';
import type { ServiceOptions } from './service-api.ts';
import type { Shell } from './shell.ts';
import { type Column, table, tableLines } from './table.ts';

/** What is listed, and how a row of it stands on the screen. */
export interface Source<T> {
  readonly columns: readonly Column[];
  readonly cells: (row: T) => readonly string[];
  /** Newest first. */
  readonly page: (limit: number) => Promise<readonly T[]>;
  /** What came, or changed, since: oldest first, without end. */
  readonly news: (shown: readonly T[]) => AsyncGenerator<T>;
}

interface Options extends ServiceOptions {
  readonly follow?: true;
}

/** As often as a person looks; a list of a hundred rows costs the server a few milliseconds. */
const LOOK_MS = 1_000;
/** The longest list that the server gives. */
export const PAGE = 100;

/** Lists what there is; with `follow` it goes on with what comes until Ctrl-C. */
export async function show<T extends object>(
  shell: Shell,
  options: Options,
  source: Source<T>,
  limit: number,
): Promise<void> {
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

/** What comes, and changes its state, in a list that is looked at again and again. @param since whether a row came with or after the first of `shown` */
export async function* changes<T>(
  { sleep, signal }: Shell,
  shown: readonly T[],
  page: (limit: number) => Promise<readonly T[]>,
  { id, state, since }: { id(row: T): unknown; state(row: T): string; since(row: T, first: T | undefined): boolean },
): AsyncGenerator<T> {
  const statesOf = (rows: readonly T[]) => new Map(rows.map((row) => [id(row), state(row)]));
  let states = statesOf(shown);
  for (;;) {
    await sleep(LOOK_MS, signal);
    // What stands before the first rows is old, though it was not shown.
    const rows = (await page(PAGE)).filter((row) => since(row, shown[0]));
    yield* rows.filter((row) => states.get(id(row)) !== state(row)).toReversed();
    states = statesOf(rows);
  }
}
