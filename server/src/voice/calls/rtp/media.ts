import type { Clip, G711 } from '../../audio/clip.ts';

/** Where a call's sound goes, and how: what the SDP answer said. */
export interface Remote {
  /** An IP literal, of the session's family. */
  readonly address: string;
  readonly port: number;
  readonly codec: G711;
  /** RTP payload type of `codec`: 8 or 0 unless the answer says otherwise (RFC 3551 §6). */
  readonly payloadType: number;
  /** Payload type of telephone-event (RFC 4733), both ways; null where the far end takes none. */
  readonly eventPayloadType: number | null;
  /** False while the far end holds the call or there is nothing to say yet: nothing is sent, keys are still heard. */
  readonly send: boolean;
}

export type MediaEvent =
  /** A key: `0` … `9`, `*`, `#`, `A` … `D`; once for each press. */
  | { readonly kind: 'key'; readonly key: string }
  /** Everything that the last `play` was given has been sent to its end. */
  | { readonly kind: 'played' }
  /** Sound has come from the far end; said once. */
  | { readonly kind: 'first_packet' }
  /** The socket or its thread broke: no sound goes or comes any more, and nothing more is said. End the call. */
  | { readonly kind: 'lost' };

/** The sound of one call. Its methods do nothing after `close`. */
export interface MediaSession {
  /** Our RTP port: what the offer names. */
  readonly port: number;
  /** Begins to send: silence, until `play`. */
  start(remote: Remote): void;
  /** The far end moved, or holds, or goes on (re-INVITE). */
  update(remote: Remote): void;
  /** Plays `clips` one after another, in place of what was playing; an empty list stops it, and says no `played`. While nothing is sent, playing stands still. */
  play(clips: readonly Clip[]): void;
  close(): void;
}

/** Where RTP sessions come from. */
export interface MediaPool {
  /**
   * Takes a port, bound before the offer goes out: a far end may send as soon as it has read it. `onEvent` is never called after
   * `close`. Rejects with `PassbellError('unavailable', { reason: 'overloaded' })` when all ports are taken.
   */
  open(opts: { readonly family: 4 | 6; onEvent(event: MediaEvent): void }): Promise<MediaSession>;
}
