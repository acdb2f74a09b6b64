import { type Fault, PassbellError } from '../../errors.ts';
import { parseUtc } from '../utc-instant.ts';

/** A parsed query string: a parameter that was given twice is a list. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Which records a request asks for. */
export interface CdrQuery {
  /** Inclusive, ms since the epoch. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly skip: number;
  /** 1 … 10,000. */
  readonly take: number;
}

const WEEK = 7 * 86_400_000;
const MAX_TAKE = 10_000;
/** Far past any account's rows, and far from where numbers lose their last digits. */
const MAX_SKIP = 1_000_000_000;

/** Throws `invalid_request` with every fault at once. Unknown parameters are passed over. */
export function parseCdrQuery(query: Query): CdrQuery {
  const faults: Fault[] = [];
  const from = instant(query, 'from', faults);
  const to = instant(query, 'to', faults);
  const skip = whole(query, 'skip', 0, MAX_SKIP, faults);
  const take = whole(query, 'take', 1, MAX_TAKE, faults);
  if (from !== null && to !== null) {
    if (to <= from) faults.push({ field: 'to', message: 'must be later than from' });
    else if (to - from > WEEK) faults.push({ field: 'to', message: 'must be at most one week after from' });
  }
  if (faults.length > 0 || from === null || to === null || skip === null || take === null) {
    throw new PassbellError('invalid_request', { faults });
  }
  return { from, to, skip, take };
}

function single(query: Query, field: string, faults: Fault[]): string | null {
  const value = query[field];
  if (typeof value === 'string' && value !== '') return value;
  faults.push({ field, message: Array.isArray(value) ? 'must be given once' : 'is required' });
  return null;
}

function instant(query: Query, field: string, faults: Fault[]): number | null {
  const text = single(query, field, faults);
  const at = text === null ? null : parseUtc(text);
  if (text !== null && at === null) {
    faults.push({ field, message: 'must be a UTC date or time, as in 2026-01-31 or 2026-01-31T10:20:30Z' });
  }
  return at;
}

function whole(query: Query, field: string, min: number, max: number, faults: Fault[]): number | null {
  const text = single(query, field, faults);
  if (text === null) return null;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  faults.push({ field, message: `must be a whole number from ${min} to ${max}` });
  return null;
}
