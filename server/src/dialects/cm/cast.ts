import type { Fault } from '../../errors.ts';

/**
 * One value as clients send it, read leniently where nothing can be lost by it: the vendor's own service takes "false" for false and
 * "2" for 2, and its SDK writes enums as integers. A fault completes the sentence "<field> must …".
 */
export type Cast<T> = (value: unknown) => { readonly value: T } | { readonly fault: string };

/** The fields of one JSON object. Faults are collected, not thrown: a caller learns of all of them at once. */
export interface FieldReader {
  /** The field's value; `otherwise` where it is absent, null or empty, and where it is at fault. */
  optional<T>(name: string, cast: Cast<T>, otherwise: T): T;
  /** The field's value; null where it is at fault, or not given. */
  required<T>(name: string, cast: Cast<T>): T | null;
}

/** @param prefix goes before the names in faults, as in `voice.` */
export function fieldReader(fields: Readonly<Record<string, unknown>>, faults: Fault[], prefix = ''): FieldReader {
  function read<T>(name: string, cast: Cast<T>, otherwise: T): T {
    const taken = cast(fields[name]);
    if ('value' in taken) return taken.value;
    faults.push({ field: prefix + name, message: taken.fault });
    return otherwise;
  }
  return {
    optional: (name, cast, otherwise) => (isGiven(fields[name]) ? read(name, cast, otherwise) : otherwise),
    required: <T>(name: string, cast: Cast<T>) => read<T | null>(name, cast, null),
  };
}

/** Null says "not given" to the vendor's SDK, and an empty text comes from configuration that was left empty. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

export const flag: Cast<boolean> = (value) => {
  const text = typeof value === 'string' ? value.toLowerCase() : value;
  if (text === true || text === 'true' || text === 1 || text === '1') return { value: true };
  if (text === false || text === 'false' || text === 0 || text === '0') return { value: false };
  return { fault: 'must be true or false' };
};

/** Whole numbers, also as text. */
export function whole(min: number, max: number): Cast<number> {
  return (value) => {
    const number = typeof value === 'string' && /^[+-]?\d{1,9}$/.test(value) ? Number(value) : value;
    return Number.isInteger(number) && (number as number) >= min && (number as number) <= max
      ? // "-0" is 0.
        { value: (number as number) + 0 }
      : { fault: `must be a whole number from ${min} to ${max}` };
  };
}

/** An enum: a name in any case, or its place in the vendor's list, from 0, as its SDK writes it. */
export function oneOf<const Name extends string>(...names: readonly Name[]): Cast<Name> {
  const choice = names.map((name, place) => `"${name}" or ${place}`).join(', ');
  return (value) => {
    const text = typeof value === 'number' || typeof value === 'string' ? String(value).toLowerCase() : null;
    const found = names.find((name, place) => text === name.toLowerCase() || text === String(place));
    return found === undefined ? { fault: `must be one of: ${choice}` } : { value: found };
  };
}

/** A text of at most `longest` characters as people count them, without control characters but for those in `lines`. */
export function text(longest: number, lines: 'one line' | 'lines' = 'one line'): Cast<string> {
  return (value) => {
    if (typeof value !== 'string') return { fault: 'must be a text' };
    // A character may have two UTF-16 units; the first test keeps long texts from being counted.
    if (value.length > 2 * longest || [...value].length > longest) {
      return { fault: `must have ${longest} characters or fewer` };
    }
    const plain = lines === 'lines' ? value.replace(/[\t\n\r]/g, ' ') : value;
    if (/\p{Cc}/u.test(plain) || !value.isWellFormed()) {
      return { fault: 'must not hold control characters or halves of surrogate pairs: remove them' };
    }
    return { value };
  };
}
