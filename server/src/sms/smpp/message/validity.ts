/** How the SMSC is told when a code dies. `relative` needs no common clock; some SMSCs take `absolute` only, or neither. */
export type Validity = 'relative' | 'absolute' | 'none';

const SECOND = 1_000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A validity_period (SMPP 3.4 §7.1.1): 16 characters, or empty. Never less than a second from now, nor more than 28 days. */
export function validityPeriod(kind: Validity, expiresAt: number, now: number): string {
  switch (kind) {
    case 'none':
      return '';
    case 'relative': {
      const seconds = Math.min(Math.max(Math.ceil((expiresAt - now) / SECOND), 1), 28 * DAY);
      const days = Math.floor(seconds / DAY);
      const hours = Math.floor((seconds % DAY) / HOUR);
      const minutes = Math.floor((seconds % HOUR) / MINUTE);
      return `0000${two(days)}${two(hours)}${two(minutes)}${two(seconds % MINUTE)}000R`;
    }
    case 'absolute': {
      const at = new Date(Math.min(Math.max(expiresAt, now + SECOND), now + 28 * DAY * SECOND));
      const date = `${two(at.getUTCFullYear() % 100)}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}`;
      // Tenths of a second, then the distance from UTC in quarters of an hour.
      return `${date}${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}000+`;
    }
    default:
      return kind satisfies never;
  }
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
