import type { MediaEvent, Remote } from './media.ts';
import type { RtpSeed } from './rtp-sender.ts';

/** Packets of a session, or of all that have ended. */
export interface RtpTally {
  readonly sent: number;
  /** Of the far end. */
  readonly received: number;
  /** Malformed, of another payload type, or a stranger's. */
  readonly dropped: number;
  /** Not sent because their time had long gone by: the thread was stopped, or has more calls than it can serve. */
  readonly skipped: number;
}

/** How a session's socket is bound. */
export interface Binding {
  readonly family: 4 | 6;
  /** The address to bind. */
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
}

/** To the media thread. Clips are encoded and over shared memory, so that a message holds no sound. */
export type MediaCommand =
  | { readonly kind: 'open'; readonly id: number; readonly binding: Binding; readonly seed: RtpSeed }
  /** `playing`: what plays, anew in the remote's codec; null where it stays as it is. */
  | { readonly kind: 'remote'; readonly id: number; readonly remote: Remote; readonly playing: Playing | null }
  | { readonly kind: 'play'; readonly id: number; readonly playing: Playing }
  | { readonly kind: 'close'; readonly id: number };

export interface Playing {
  /** The how-manieth `play` of the session it is: an end that crosses the next `play` is told by it. */
  readonly turn: number;
  readonly clips: readonly Uint8Array[];
}

/** From the media thread. Nothing follows `refused` or `closed`. */
export type MediaReport =
  | { readonly kind: 'opened'; readonly id: number; readonly port: number }
  | { readonly kind: 'refused'; readonly id: number; readonly code: string }
  | { readonly kind: 'event'; readonly id: number; readonly event: Exclude<MediaEvent, { readonly kind: 'played' }> }
  | { readonly kind: 'played'; readonly id: number; readonly turn: number }
  | { readonly kind: 'closed'; readonly id: number; readonly tally: RtpTally };
