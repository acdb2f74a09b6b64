/**
 * How a call ended, for good. `completed`: it was answered. `cancelled`: it rang until its time was up. `rejected`: the callee or the
 * provider said no. `failed`: it could not be made, or was lost with its node.
 */
export type CallOutcome = 'completed' | 'cancelled' | 'rejected' | 'failed';

/** What is known of a call so far: saved when it is answered and when it has ended. Times are milliseconds since the epoch. */
export interface CallRecord {
  /** When the far end had it. */
  readonly ringingAt: number | null;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly outcome: CallOutcome | null;
  /** The final SIP status; null where there was none, and for a call that was answered: it ended with a BYE. */
  readonly sipStatus: number | null;
  /** The far end's words for it, at most 64 characters; empty where there were none. */
  readonly sipReason: string;
  /** Q.850 cause, 1 … 127. */
  readonly cause: number | null;
  readonly replays: number;
}

/** What a call is accepted with. */
export interface CallDraft {
  /** Shown to the callee, E.164 with `+`; null: the trunk's own. */
  readonly caller: string | null;
  readonly anonymous: boolean;
  /** The caller's own name for it, at most 64 characters. */
  readonly instructionId: string | null;
  /** How long it speaks without replays by key, milliseconds. */
  readonly spokenMs: number;
  /** Where its callback goes, sealed; null: to the account's own receiver, if it has one; empty once it was erased. */
  readonly callbackSealed: string | null;
  /** Sentences about what was asked for and could not be had. */
  readonly warnings: readonly string[];
}
