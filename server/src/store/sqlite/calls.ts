import type { AcceptRequest, AcceptVerdict } from '../../rules/accept.ts';
import type { Outcome, Receipt } from '../../rules/outcome.ts';
import type { SettleVerdict } from '../../rules/settle.ts';
import type { VerifyRequest, VerifyVerdict } from '../../rules/verify.ts';
import type { ClaimedDelivery } from '../store.ts';
import type { CallbackResult, CallbackSpread, ClaimedCallback } from '../tables/callbacks.ts';
import type { CheckFacts, VerificationQuery } from '../tables/verifications.ts';

/** What the threads of the embedded store can be asked, with the answers. Plain data both ways. */
export interface Calls {
  accept: (batch: readonly AcceptRequest[], node: string, now: number) => readonly AcceptVerdict[];
  verify: (batch: readonly VerifyRequest[], node: string, now: number) => readonly VerifyVerdict[];
  findVerifications: (queries: readonly VerificationQuery[], now: number) => readonly (CheckFacts | null)[];
  settle: (
    outcomes: readonly Outcome[],
    receipts: readonly Receipt[],
    node: string | null,
    now: number,
  ) => readonly SettleVerdict[];
  closeOverdue: (now: number, limit: number) => number;
  sweepLimits: (now: number, limit: number) => number;
  claim: (node: string, now: number, limit: number) => readonly ClaimedDelivery[];
  beat: (node: string, now: number, ttlMs: number) => boolean;
  leave: (node: string) => void;
  claimCallbacks: (node: string, now: number, limit: number) => readonly ClaimedCallback[];
  spreadCallbacks: (spreads: readonly CallbackSpread[]) => readonly boolean[];
  settleCallbacks: (results: readonly CallbackResult[], now: number) => void;
  /** A step of a transaction of several calls. A commit that fails rolls back; a rollback of nothing does nothing. */
  transaction: (step: 'begin' | 'commit' | 'rollback') => void;
  /** One statement; rows of a query, else how many rows it changed. */
  query: (sql: string, parameters: readonly (string | number | null)[]) => QueryAnswer;
}

export interface QueryAnswer {
  readonly rows: readonly Record<string, unknown>[];
  readonly changes: number;
}

export type CallName = keyof Calls;

export interface CallMessage<N extends CallName = CallName> {
  readonly id: number;
  readonly name: N;
  readonly args: Parameters<Calls[N]>;
}

export type AnswerMessage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly fault: Fault };

/** An error on its way between threads: one of the closed list, or what the engine said. */
export interface Fault {
  readonly refused: boolean;
  /** SQLite's extended result code, where there was one. */
  readonly errcode: number | null;
  readonly message: string;
}

/** What a thread is started with. */
export interface ThreadData {
  readonly file: string;
  /** `writer` runs every change, and migrates first; `reader` runs queries beside it and can change nothing. */
  readonly role: 'writer' | 'reader';
  readonly now: number;
  /** The process serves: it alone holds deliveries, so leases of earlier runs are void. */
  readonly serving: boolean;
}
