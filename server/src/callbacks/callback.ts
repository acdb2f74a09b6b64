import type { CallbackResult, CallbackStore, ClaimedCallback } from '../store/tables/callbacks.ts';
import type { Secret } from '../values/secret.ts';

/** A callback in this node's hands. */
export interface CallbackRow extends ClaimedCallback {
  /** The lease it is held under; a result saved under another one changes nothing. */
  readonly node: string;
}

/** Where callbacks are claimed from, and their results go. */
export type Outbox = Pick<CallbackStore, 'claim' | 'spread' | 'settle'>;

/** What a try comes to, or the lack of one. */
export type CallbackNext = Exclude<CallbackResult['next'], { readonly kind: 'unwanted' }>;

/** What is sent to one receiver, made when it is sent. */
export interface CallbackContent {
  /** `OWN_RECEIVER`, or an endpoint's id. */
  readonly receiver: string;
  readonly url: string;
  /** JSON. */
  readonly body: string;
  /** `whsec_…`, newest first: one, or two while the receiver moves over to a new one. Never none. */
  readonly secrets: readonly Secret[];
}

/**
 * Makes what is sent, for many rows at once, in their order: to the row's receiver, or to all who want it where that is not known yet.
 * Empty: nobody wants it, or no longer. Null: what it would tell of is gone. Rejects with `unavailable` when the store cannot be asked:
 * then it is asked again.
 */
export type Compose = (rows: readonly CallbackRow[]) => Promise<readonly (readonly CallbackContent[] | null)[]>;
