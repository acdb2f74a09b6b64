/** Longer than this no receiver holds a callback back: the longest wait of the schedule. */
export const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;

/** The three forms of an HTTP date (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 …`, `Sunday, 06-Nov-94 …`, `Sun Nov  6 …`. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? [A-Za-z0-9 :-]{10,30}$/;

/**
 * How long a `Retry-After` asks to wait (RFC 9110 §10.2.3), in milliseconds, at most a day; null when there is none that can be read.
 */
export function retryAfterMs(value: string | null, now: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d{1,12}$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_RETRY_AFTER_MS);
  if (!HTTP_DATE.test(text)) return null;
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? null : Math.min(Math.max(0, at - now), LONGEST_RETRY_AFTER_MS);
}
