import type { ZonedTime } from './zoned-time.ts';

// A "+" that a client left unescaped in a query arrives as a space.
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+ -][01]\d:?[0-5]\d)?)?$/i;
const DAY = 86_400_000;
const MINUTE = 60_000;

/**
 * The milliseconds, first to last, that an ISO 8601 text means: a whole day for a date alone, else one. Without an offset it
 * is the account's local time; digits past milliseconds are cut off. Null when it is no such text, or no such day.
 */
export function parseIso(text: string, zone: ZonedTime): { readonly first: number; readonly last: number } | null {
  const [, date, time = '00:00', fraction = '', offset] = ISO.exec(text) ?? [];
  if (date === undefined) return null;
  const seconds = time.length === 5 ? `${time}:00` : time;
  const wall = Date.parse(`${date}T${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
  // `Date.parse` takes the 31st of February for the 2nd of March.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date)) return null;
  if (text.length === date.length) return { first: zone.instant(wall), last: zone.instant(wall + DAY) - 1 };
  const at = offset === undefined ? zone.instant(wall) : wall - ahead(offset);
  return { first: at, last: at };
}

/** @param offset `Z`, `+05:45`, `+0545`, ` 05:45` */
function ahead(offset: string): number {
  if (/z/i.test(offset)) return 0;
  const ms = (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2))) * MINUTE;
  return offset.startsWith('-') ? -ms : ms;
}
