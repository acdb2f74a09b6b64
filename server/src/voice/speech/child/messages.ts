import type { Pcm } from '../speech-engine.ts';

/** What one utterance may last, seconds: 750 characters take about one minute, spelled out two. */
export const MAX_SPOKEN_SECONDS = 180;

/** From the service to a child: say this. One at a time. */
export interface SayMessage {
  readonly id: number;
  readonly request: unknown;
}

/** From a child to the service. */
export type ChildMessage =
  /** It has loaded what it speaks with. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'said'; readonly id: number; readonly pcm: Pcm }
  /** It cannot say this; it can say others. @property why holds nothing of the text. */
  | { readonly kind: 'failed'; readonly id: number; readonly why: string }
  /** It cannot say anything: what it needs is not there. It waits to be killed: an exit might overtake its last words. */
  | { readonly kind: 'unusable'; readonly why: string };

/** What comes from a process that reads what strangers wrote is looked at before it is believed. */
export function isPcm(value: unknown): value is Pcm {
  if (typeof value !== 'object' || value === null) return false;
  const { samples, rate } = value as { samples?: unknown; rate?: unknown };
  return (
    samples instanceof Int16Array &&
    typeof rate === 'number' &&
    rate >= 8_000 &&
    rate <= 48_000 &&
    samples.length <= (MAX_SPOKEN_SECONDS + 1) * rate
  );
}
