import type { Parsed } from './parsed.ts';

/** Reads a whole number as people write it; `Number` alone would take `0x6`, `1e3` and an empty text. */
export function wholeNumber(text: string): Parsed<number> {
  return /^-?\d{1,15}$/.test(text) ? { value: Number(text) } : { fault: `'${text}' is not a whole number` };
}

/** The same, within bounds. */
export function wholeBetween(least: number, most: number): (text: string) => Parsed<number> {
  return (text) => {
    const parsed = wholeNumber(text);
    if ('value' in parsed && parsed.value >= least && parsed.value <= most) return parsed;
    return { fault: `'${text}' is not a whole number from ${least} to ${most}` };
  };
}
