import type { SipResponse } from '../message/sip-message.ts';

/** Milliseconds of a `Retry-After` in whole seconds (RFC 3261 §20.33), comments and parameters passed over; null: there is none. */
export function retryAfterMs({ headers }: SipResponse): number | null {
  const [, seconds] = /^\s*(\d{1,9})\s*($|[(;])/.exec(headers.get('Retry-After') ?? '') ?? [];
  const ms = 1_000 * Number(seconds ?? 0);
  return ms > 0 ? ms : null;
}
