import type { Clip } from '../audio/clip.ts';

/** One call to be placed, ready to dial. */
export interface CallPlan {
  /** The delivery's id: unique, for logs and for the call record; never shown to a trunk. */
  readonly id: string;
  readonly accountId: string;
  /** E.164 with `+`. */
  readonly to: string;
  /** The number shown to the callee, E.164 with `+`; null: the trunk's own. */
  readonly from: string | null;
  /** Hide the caller (RFC 3323 `Privacy: id`); its identity goes to trusted trunks alone (RFC 3325). */
  readonly anonymous: boolean;
  /** How long it may ring before it is cancelled, ms, 10,000 … 60,000. */
  readonly ringMs: number;
  /** How long it may last after the answer, ms: a cap, whatever the script says. */
  readonly talkMs: number;
}

/** How a call ended. */
export interface CallEnd {
  /**
   * `completed`: it was answered, whoever ended it. `cancelled`: it rang until its time was up, or was called off. `rejected`: the
   * callee or the provider said no (SIP 403, 486, 600, 603). `failed`: it could not be made.
   */
  readonly outcome: 'completed' | 'cancelled' | 'rejected' | 'failed';
  /** The final SIP status; null where none came, or where the call was answered and ended with a BYE. */
  readonly sipStatus: number | null;
  /** The far end's words for it, one line, at most 64 characters; empty where there were none. */
  readonly reason: string;
  /** Q.850 cause, 1 … 127, from `Reason: Q.850;cause=` (RFC 3326); null where none was given. */
  readonly cause: number | null;
  /**
   * Only with `failed`: whether the same call may be tried through another trunk. `unknown`: the far end may have rung, no answer
   * came; at most one more try is made.
   */
  readonly retry: 'never' | 'elsewhere' | 'unknown';
}

/** What happens to a call, in order; `at` is milliseconds since the epoch. Nothing follows `ended`. */
export type CallEvent =
  /** The far end has the call (a provisional response other than 100); said once. */
  | { readonly kind: 'ringing'; readonly at: number }
  | { readonly kind: 'answered'; readonly at: number }
  /** A key of the callee: `0` … `9`, `*`, `#`, `A` … `D`; once for each press. */
  | { readonly kind: 'key'; readonly key: string; readonly at: number }
  /** Everything that `play` was given has been heard to its end. */
  | { readonly kind: 'played'; readonly at: number }
  | { readonly kind: 'ended'; readonly at: number; readonly end: CallEnd };

/** A call under way. Its methods do nothing once it has ended. */
export interface Call {
  /** Plays `clips` one after another, in place of what was playing; silence follows. Before the answer: kept until then. */
  play(clips: readonly Clip[]): void;
  /** Ends it: CANCEL before the answer, BYE after it. `ended` follows. */
  hangUp(): void;
}

export interface EngineStatus {
  readonly state: 'up' | 'degraded' | 'down';
  /** Calls that can be placed now. */
  readonly free: number;
  /** A sentence for people, when not `up`: what is wrong and what to look at. Holds no password. */
  readonly trouble: string | null;
}

/**
 * A SIP trunk, or the sandbox phone. It never retries by itself past its own targets: the dispatcher owns retries. It never throws:
 * what went wrong is in `ended`. The dispatcher places at most `status().free` calls before the next `onFree`.
 */
export interface CallEngine {
  readonly name: string;
  /** Dials. `listener` hears each event once, never before `place` has returned. Aborting `signal` is a `hangUp`. */
  place(plan: CallPlan, listener: (event: CallEvent) => void, signal: AbortSignal): Call;
  status(): EngineStatus;
  /** Calls `listener` whenever a place comes free, or the state changes. */
  onFree(listener: () => void): void;
  /** Takes no more; lets calls end by themselves up to `graceMs`, then hangs up. */
  close(graceMs: number): Promise<void>;
}
