const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A date this far from the arrival of its receipt is not believed: clocks and time zones are wrong by hours, not by weeks. */
const OLDEST = 30 * DAY;
const NEWEST = 1 * DAY;

/** YYMMDDhhmm (SMPP 3.4 Appendix B), with seconds, and with four digits of the year: the first that gives a date counts. */
const SHAPES = [/^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/, /^20(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/];

/**
 * When a receipt says that it happened. The field has no time zone.
 * @param utcOffsetMinutes what the SMSC's clock is ahead of UTC.
 * @param arrival when the receipt came, ms since the epoch: the answer for a date that is none, or that cannot be.
 */
export function receiptDate(digits: string, utcOffsetMinutes: number, arrival: number): number {
  for (const shape of SHAPES) {
    const fields = shape
      .exec(digits)
      ?.slice(1)
      .map((field) => Number(field ?? 0));
    if (fields === undefined) continue;
    const at = instant(fields) - utcOffsetMinutes * MINUTE;
    if (at >= arrival - OLDEST && at <= arrival + NEWEST) return at;
  }
  return arrival;
}

function instant([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]): number {
  const at = new Date(Date.UTC(2000 + year, month - 1, day, hour, minute, second));
  // Date.UTC turns the 31st of February into a day of March; such a date is none.
  const real = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return real ? at.getTime() : Number.NaN;
}
