import type { ErrorCode, Fault } from '../errors.ts';

/** What can end a command, beside the service's own closed list. */
export type CommandErrorCode =
  | ErrorCode
  /** The command line itself cannot be read. */
  | 'usage'
  /** File, environment or flags of the configuration are at fault. */
  | 'invalid_configuration'
  /** There is no store yet, or it cannot be opened. */
  | 'no_store'
  /** The vault's keys are missing or broken. */
  | 'keys_unusable'
  /** Something outside keeps the service from starting: an address in use, another process on the same data. */
  | 'cannot_start'
  /** No server answers. */
  | 'unreachable'
  /** A link of the audit log's chain is broken. */
  | 'audit_broken'
  /** A carrier's check found something. */
  | 'check_failed'
  /** Files that could not be stored, or written; the others were. */
  | 'not_taken'
  /** What was waited for did not come. */
  | 'timed_out';

/** Ends a command: `message` says what is wrong and what to do about it, in whole sentences. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: CommandErrorCode;
  /** Each faulty option, argument or setting by its name on the command line. */
  readonly faults: readonly Fault[];

  constructor(code: CommandErrorCode, message: string, faults: readonly Fault[] = []) {
    super(message);
    this.code = code;
    this.faults = faults;
  }
}

/** 2: wrong usage, nothing was tried. 1: it was tried, and failed. */
export function exitCodeOf(code: CommandErrorCode): 1 | 2 {
  return code === 'usage' || code === 'invalid_request' || code === 'invalid_configuration' ? 2 : 1;
}
