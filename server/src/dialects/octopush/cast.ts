import { withoutControls } from '../../sms/controls.ts';

/**
 * What a field takes of a value as it came. The vendor promises its callers that a wrong value is interpreted and a wrong type cast, and that
 * what cannot be mended is ignored, the request still being sent; `notes` says what was done, as ends of the sentence "<field> …". They
 * never repeat what was sent: it may be a code that stands in the wrong field.
 */
export type Taken<T> =
  | { readonly value: T; readonly notes: readonly string[] }
  /** Not to be mended: the field's default is taken. */
  | { readonly ignored: string };

export type Cast<T> = (value: unknown) => Taken<T>;

/**
 * Whether a field says anything. Null says "not given" in most languages, and a blank text comes from a form that was left empty. `false` is
 * PHP's word for nothing (of a look-up that found none, of an option that is not set): as a text it would be read out, or be an id twice.
 */
export function isGiven(value: unknown): boolean {
  return value !== false && isFlagGiven(value);
}

/** The same of a flag, of which `false` says something. */
export function isFlagGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '');
}

const YES = new Set(['true', 'yes', 'y', 'on', 't']);
const NO = new Set(['false', 'no', 'n', 'off', 'f']);

export const flag: Cast<boolean> = (value) => {
  if (typeof value === 'boolean') return { value, notes: [] };
  const number = numberOf(value);
  const meant = number === null ? meantByWord(value) : number !== 0;
  return meant === null ? { ignored: 'is neither true nor false' } : { value: meant, notes: [`was read as ${meant}`] };
};

function meantByWord(value: unknown): boolean | null {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (YES.has(word)) return true;
  return NO.has(word) ? false : null;
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;

/** A whole number from `min` to `max`. Fractions are cut off, and what is out of bounds becomes the bound. */
export function whole(min: number, max: number): Cast<number> {
  return (value) => {
    const number = numberOf(value);
    if (number === null) return { ignored: 'is not a number' };
    const notes = typeof value === 'string' ? ['was a text: it was read as a number'] : [];
    // 1e999 is valid JSON, and infinite here.
    if (Number.isFinite(number) && !Number.isInteger(number)) notes.push('had a fraction: it was cut off');
    const taken = Math.min(max, Math.max(min, Math.trunc(number)));
    if (number > max) notes.push(`was above ${max}: ${max} was taken`);
    if (Math.trunc(number) < min) notes.push(`was below ${min}: ${min} was taken`);
    return { value: taken, notes };
  };
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER.test(value.trim()) ? Number(value) : null;
}

/** One of some names, in any case and with any separators, or another spelling of one. */
export function choice<const Name extends string>(names: Readonly<Record<Name, readonly string[]>>): Cast<Name> {
  const bySpelling = new Map<string, Name>();
  for (const [name, spellings] of Object.entries(names) as [Name, readonly string[]][]) {
    for (const spelling of [name, ...spellings]) bySpelling.set(bare(spelling), name);
  }
  return (value) => {
    const found = typeof value === 'string' ? bySpelling.get(bare(value)) : undefined;
    if (found === undefined) return { ignored: `is none of ${Object.keys(names).join(', ')}` };
    return { value: found, notes: found === value ? [] : [`was read as ${found}`] };
  };
}

/** @param word anything; what is left are small letters and digits, so that no separator and no case tells two spellings apart */
function bare(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** A text of any length, without control characters other than line breaks and tabs, and without halves of surrogate pairs. */
export const text: Cast<string> = (value) => {
  if (typeof value !== 'string' && typeof value !== 'number') return { ignored: 'is not a text' };
  // It was rounded when it was read: one text would stand for many ids.
  if (typeof value === 'number' && !isExact(value)) {
    return { ignored: 'is a number too long to be read exactly (write it as a text)' };
  }
  const written = String(value);
  // The halves first: two that stood on either side of a control character would become a pair.
  const clean = withoutControls(written.replace(/\p{Cs}/gu, ''));
  const notes = typeof value === 'string' ? [] : ['was not a text: it was written as one'];
  if (clean !== written) notes.push('held characters that no message carries: they were removed');
  return { value: clean, notes };
};

/** Fractions are as short as their writer made them; whole numbers from 2^53 on share a value with their neighbours (RFC 8259 §6). */
function isExact(number: number): boolean {
  return Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number);
}
