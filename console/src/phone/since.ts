const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long ago, as people say it; the time of day after an hour. */
export function since(at: number, now: number): string {
  const ago = now - at;
  if (ago < 5_000) return 'just now';
  if (ago < MINUTE) return `${Math.floor(ago / 1000)} s ago`;
  if (ago < HOUR) return `${Math.floor(ago / MINUTE)} min ago`;
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
