import type { Fault } from '../../errors.ts';
import { type Cast, fieldReader, flag, isGiven, oneOf, whole } from './cast.ts';

/** The voice that a request asks for. Whether there is one is the catalogue's to say. */
export interface AskedVoice {
  /** As in `en-GB`. */
  readonly language: string;
  readonly gender: 'male' | 'female';
  /** Which of several of a language and gender, from 1. */
  readonly number: number;
  /** −4 … 4. */
  readonly volume: number;
  readonly premium: boolean;
}

const LANGUAGE = 'en-GB';

/** The SDK's integers are places in this list. */
const gender = oneOf('Male', 'Female');

/** A BCP 47 tag in short: a language, and what narrows it down. */
const language: Cast<string> = (value) =>
  typeof value === 'string' && /^[a-z]{2,3}([-_][a-z0-9]{2,8}){0,3}$/i.test(value)
    ? { value: value.replaceAll('_', '-') }
    : { fault: 'must be a language and a country, as in "en-GB"' };

/** The request's `voice`; what it leaves out is the vendor's default. */
export function readVoice(value: unknown, faults: Fault[]): AskedVoice {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isGiven(value) && !isObject) {
    faults.push({ field: 'voice', message: 'must be an object, as in {"language": "en-GB", "gender": "Female"}' });
  }
  const read = fieldReader(isObject ? (value as Record<string, unknown>) : {}, faults, 'voice.');
  return {
    language: read.optional('language', language, LANGUAGE),
    gender: read.optional('gender', gender, 'Female') === 'Male' ? 'male' : 'female',
    number: read.optional('number', whole(1, 99), 1),
    volume: read.optional('volume', whole(-4, 4), 0),
    premium: read.optional('premium', flag, false),
  };
}
