import type { CallbackResult, CallbackStore, ClaimedCallback } from '../store/tables/callbacks.ts';
import type { Secret } from '../values/secret.ts';

/** A callback in this node's hands. */
export interface CallbackRow extends ClaimedCallback {
  /** The lease it is held under; a result saved under another one changes nothing. */
  readonly node: string;
}

/** Where callbacks are claimed from, and their results go. */
export type Outbox = Pick<CallbackStore, 'claim' | 'settle'>;

export type CallbackNext = CallbackResult['next'];

/** What is sent, made when it is sent. */
export interface CallbackContent {
  readonly url: string;
  /** JSON. */
  readonly body: string;
  /** `whsec_…`, newest first: one, or two while the account moves over to a new one. Never none. */
  readonly secrets: readonly Secret[];
  /** The receiver was switched off since: the callback ends unsent. */
  readonly disabled: boolean;
}

/**
 * Makes what is sent, for many rows at once, in their order; null: what it would tell of is gone. Rejects with `unavailable` when the
 * store cannot be asked: then it is asked again.
 */
export type Compose = (rows: readonly CallbackRow[]) => Promise<readonly (CallbackContent | null)[]>;
