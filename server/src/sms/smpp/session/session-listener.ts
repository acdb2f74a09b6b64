import type { Delivered } from '../pdu/deliver-sm.ts';

/**
 * Why a session ended. `closed`: we unbound. `unbound`: the SMSC did. `hung_up`: it closed the connection without a word.
 * `broken`: the connection failed. `silent`: no sign of life when asked for one. `garbled`: a PDU of an impossible length.
 */
export type SessionEnd = 'closed' | 'unbound' | 'hung_up' | 'broken' | 'silent' | 'garbled';

/** Something to note that does not end the session. */
export type Notice =
  /** Requests that were not answered in time. */
  | { readonly kind: 'unanswered'; readonly count: number }
  /** A PDU that is not as it should be; a request was answered so. */
  | { readonly kind: 'malformed'; readonly command: string; readonly what: string }
  /** An answer to nothing: late, doubled, or with a wrong sequence number. */
  | { readonly kind: 'stray_answer'; readonly command: string }
  | { readonly kind: 'alert' };

export interface SessionListener {
  /** `free` is no longer what it was: answers came, or the SMSC took leave. At most once for each read of the socket. */
  changed(): void;
  /** A deliver_sm or data_sm; `message` is valid during the call only. `answer` may be called at any later time. */
  delivered(message: Delivered, answer: (status: number) => void): void;
  noticed(notice: Notice): void;
  /** Once, after every open request was told. `detail`: a system's error code, such as ECONNRESET. */
  ended(end: SessionEnd, detail: string | null): void;
}

export interface SessionLimits {
  /** Requests that may be unanswered at once. */
  readonly window: number;
  readonly responseTimeoutMs: number;
  /** How long the SMSC may be quiet before it is asked for a sign of life. */
  readonly enquireIntervalMs: number;
}

export type BindAnswer =
  | { readonly kind: 'bound' }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'no_answer' };
