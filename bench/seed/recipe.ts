import type { Channel } from '../../server/src/errors.ts';
import type { Dialect } from '../../server/src/rules/accept.ts';
import { NUMBER_COUNTER } from '../../server/src/rules/judge-accept.ts';
import { countName } from '../../server/src/store/counts.ts';

/** What takes the place of a template row's value in its n-th copy; columns not named are copied as they are. */
export type Cell =
  /** The copy's own id: a UUIDv7 of its time, so that copies stand in the order in which they would have been made. */
  | 'otp id'
  | 'delivery id'
  /** The template's time, moved as far as the copy's making. */
  | 'time'
  /** The account's next place in its list, its next integer id (null where the template has none). */
  | 'ordinal'
  | 'number'
  /** What the engine gives by itself; not every engine has such a column. */
  | 'own'
  /** Text as long as the template's, different in every copy. */
  | 'random'
  | 'nothing';

export interface TableRecipe {
  readonly table: string;
  /** The column that holds the id of the code (`otps`) or its delivery (all others): it finds the template. */
  readonly key: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

/**
 * The rows that one delivered code leaves behind: the otp, its delivery, the hold and the capture of its credits, the attempt.
 * Days old, so the content is erased and the digest of the code with it, as the service does it after the reveal window.
 */
export const RECIPE: readonly TableRecipe[] = [
  {
    table: 'otps',
    key: 'delivery_id',
    cells: {
      id: 'otp id',
      delivery_id: 'delivery id',
      seq: 'own',
      ordinal: 'ordinal',
      number: 'number',
      number_digest: 'random',
      content_sealed: 'nothing',
      code_digest: 'nothing',
      created_at: 'time',
      expires_at: 'time',
      keep_content_until: 'time',
    },
  },
  {
    table: 'deliveries',
    key: 'id',
    cells: {
      id: 'delivery id',
      otp_id: 'otp id',
      due_at: 'time',
      created_at: 'time',
      expires_at: 'time',
      submitted_at: 'time',
      final_at: 'time',
    },
  },
  { table: 'credit_entries', key: 'subject', cells: { subject: 'delivery id', at: 'time' } },
  {
    table: 'attempts',
    key: 'delivery_id',
    cells: { delivery_id: 'delivery id', message_id: 'random', at: 'time', receipt_at: 'time' },
  },
];

/** The code that is copied: the newest one that a receipt has ended. Engines return large integers as text or as numbers. */
export interface Template {
  readonly account: string;
  readonly delivery: string;
  readonly dialect: Dialect;
  readonly channel: Channel;
  readonly pool: string;
  readonly credits: number | string;
  readonly made: number | string;
  /** The newest in the account; the number is null where no dialect of it shows one. */
  readonly ordinal: number | string;
  readonly number: number | string | null;
}

export const TEMPLATE_QUERY = `
  SELECT d.account_id AS account, d.id AS delivery, o.dialect, o.channel, d.pool, d.credits, d.created_at AS made,
    (SELECT max(ordinal) FROM otps WHERE account_id = d.account_id) AS ordinal,
    (SELECT max(number) FROM otps WHERE account_id = d.account_id) AS number
  FROM deliveries d JOIN otps o ON o.account_id = d.account_id AND o.id = d.otp_id
  WHERE d.state = 'delivered' AND d.settled = 1 ORDER BY d.id DESC LIMIT 1`;

/** The account's counters that count the copies too. */
export function countersOf({ dialect, channel, number }: Template): readonly string[] {
  const made = countName(dialect, channel);
  return number === null ? [made] : [made, NUMBER_COUNTER];
}

export const NO_TEMPLATE = 'There is no delivered code to copy: send one, and let its receipt come.';

const DAY = 86_400_000;

/** When the n-th of `rows` copies was made, as SQL: spread over the thirty days that ended two days before `now`. */
export function madeAt(rows: number, now: number): string {
  return `(${now - 32 * DAY} + series.n * ${30 * DAY} / ${rows})`;
}

/** The end of the n-th copy's ids, as an SQL integer below 2^48; codes and deliveries get different ones. */
export function idTail(cell: 'otp id' | 'delivery id'): string {
  // The multiplier is odd, so that no two values of n meet; it is drand48's.
  return `((series.n * 25214903917 + ${cell === 'otp id' ? 11 : 12}) & 281474976710655)`;
}

/** How an engine writes each cell; `column` is the template's. */
export type CellWriter = (cell: Cell, column: string) => string;

/**
 * The statement that copies a table's template rows for every `n` of the relation `series`, to be prefixed by the engine's own
 * WITH; `place` says how the engine writes its two parameters.
 */
export function copyStatement(
  { table, key, cells }: TableRecipe,
  columns: readonly string[],
  write: CellWriter,
  place: { readonly account: string; readonly delivery: string },
): string {
  const missing = Object.keys(cells).filter((column) => cells[column] !== 'own' && !columns.includes(column));
  if (missing.length > 0) throw new Error(`${table} has no ${missing.join(', ')}: the seed is not of this version.`);
  const values = columns.map((column) => {
    const cell = cells[column];
    return cell === undefined ? `t.${column}` : write(cell, `t.${column}`);
  });
  return `INSERT INTO ${table} (${columns.join(', ')})
    SELECT ${values.join(', ')} FROM series CROSS JOIN (
      SELECT * FROM ${table} WHERE account_id = ${place.account} AND ${key} = ${place.delivery}
    ) AS t`;
}
