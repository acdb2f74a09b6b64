import { isError, PassbellError } from '../../errors.ts';

/**
 * SQLSTATE classes in which trying later may help: connection, resources, operator intervention, system error, time-outs and
 * deadlocks (PostgreSQL, appendix A).
 */
const PASSING = [/^08/, /^53/, /^57/, /^58/, /^25P0[34]$/, /^25006$/, /^40/, /^55P03$/];

/** What the server said, if it was the server: its five-character code. Absent when the connection failed. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && severity !== undefined ? code : undefined;
}

/** Whether the connection cannot be used again: it is gone, or a statement may still run on it. */
export function breaksConnection(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || /^(08|57P)/.test(state);
}

/** Whether the server undid the whole transaction, which may be tried again at once: a serialization failure or a deadlock. */
export function isUndone(error: unknown): boolean {
  if (!isError(error, 'unavailable')) return false;
  const state = sqlState(error.cause);
  return state === '40001' || state === '40P01';
}

/** The error a caller sees: `unavailable` when the server cannot be asked now, `internal` when it refuses the statement. */
export function storeError(error: unknown): unknown {
  if (error instanceof PassbellError) return error;
  const state = sqlState(error);
  return state === undefined || PASSING.some((known) => known.test(state))
    ? new PassbellError('unavailable', { reason: 'store' }, { cause: error })
    : new PassbellError('internal', {}, { cause: error });
}
