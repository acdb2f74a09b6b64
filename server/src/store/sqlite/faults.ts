import { PassbellError } from '../../errors.ts';
import type { Fault } from './calls.ts';

/** Constraint, mismatch, misuse, range: the statement is at fault. Everything else is the engine or the disk. */
const STATEMENT_FAULTS = new Set([1, 19, 20, 21, 25]);

export function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof PassbellError) return { refused: true, errcode: null, message };
  const errcode = (error as { errcode?: unknown }).errcode;
  return { refused: false, errcode: typeof errcode === 'number' ? errcode : null, message };
}

/**
 * The error a caller sees. A full disk, an I/O error or a database that stays locked make the store `unavailable`; a statement that the
 * database refuses is `internal`: trying again would not mend it.
 */
export function errorOf(fault: Fault): PassbellError {
  const cause = new Error(fault.message);
  const isStatement = !fault.refused && (fault.errcode === null || STATEMENT_FAULTS.has(fault.errcode & 0xff));
  return isStatement
    ? new PassbellError('internal', {}, { cause })
    : new PassbellError('unavailable', { reason: 'store' }, { cause });
}
