const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.(\d{1,9}))?(Z|[+ -][01]\d:?[0-5]\d)?)?$/i;
const MINUTE = 60_000;

/**
 * The instant that an ISO 8601 text means, ms since the epoch: UTC unless it has an offset, the day's first moment where it has no time;
 * digits past milliseconds are cut off. Null when it is no such text, or no such day.
 */
export function parseUtc(text: string): number | null {
  const [, date, time = '00:00', seconds = ':00', fraction = '', offset = 'Z'] = ISO.exec(text) ?? [];
  if (date === undefined) return null;
  const wall = Date.parse(`${date}T${time}${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
  // `Date.parse` takes the 31st of February for the 2nd of March.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date)) return null;
  return wall - aheadOf(offset);
}

/** @param offset `Z`, `+05:45`, `+0545`, or ` 05:45`: a "+" that was left unescaped in a query arrives as a space */
function aheadOf(offset: string): number {
  if (/z/i.test(offset)) return 0;
  const ms = (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2))) * MINUTE;
  return offset.startsWith('-') ? -ms : ms;
}
