import type { Parsed } from './parsed.ts';

const SECOND = 1_000;
const UNITS = { d: 86_400 * SECOND, h: 3_600 * SECOND, m: 60 * SECOND, s: SECOND } as const;
const WRITTEN = /^(?:(?<d>\d{1,6})d)?(?:(?<h>\d{1,6})h)?(?:(?<m>\d{1,6})m)?(?:(?<s>\d{1,8})s)?$/;

/** Reads a length of time as people write it: `30s`, `5m`, `1h30m`, `2d`, largest unit first; `0` needs none. Yields milliseconds. */
export function parseDuration(text: string): Parsed<number> {
  if (text === '0') return { value: 0 };
  const groups = text === '' ? undefined : WRITTEN.exec(text)?.groups;
  if (groups === undefined) {
    return { fault: `'${text}' is not a length of time: write a number and s, m, h or d, as in 90s, 5m or 1h30m` };
  }
  return { value: units.reduce((sum, unit) => sum + Number(groups[unit] ?? 0) * UNITS[unit], 0) };
}

/** The shortest spelling that `parseDuration` reads as `ms`. */
export function writeDuration(ms: number): string {
  let rest = Math.round(ms / SECOND) * SECOND;
  let text = '';
  for (const unit of units) {
    const count = Math.floor(rest / UNITS[unit]);
    rest -= count * UNITS[unit];
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}

const units = ['d', 'h', 'm', 's'] as const;
