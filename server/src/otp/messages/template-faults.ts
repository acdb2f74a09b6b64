import type { Fault } from '../../errors.ts';
import { countSegments, MAX_SEGMENTS } from '../../sms/segments.ts';
import { CODE_LENGTH, CODE_TTL } from '../code-bounds.ts';
import { LOCALES, nearestLocale } from './locales.ts';
import { filled, type Values } from './placeholders.ts';
import { LONGEST_VALUES, textFault } from './text-faults.ts';

/** As long as each may be: with these a message must still fit. */
const LONGEST: Values = {
  code: '0'.repeat(CODE_LENGTH.most),
  brand: 'x'.repeat(LONGEST_VALUES.brand),
  minutes: String(CODE_TTL.most / 60),
  amount: '0'.repeat(LONGEST_VALUES.amount),
  payee: 'x'.repeat(LONGEST_VALUES.payee),
};

/** What is wrong with a template's words, by language, each fault under `field.language`. */
export function wordsFaults(field: 'texts' | 'spoken', words: Readonly<Record<string, string>>): Fault[] {
  return Object.entries(words).flatMap(([language, text]) => {
    const must = languageFault(language) ?? textFault(text) ?? lengthFault(text);
    return must === null ? [] : [{ field: `${field}.${language}`, message: `must ${must}` }];
  });
}

function languageFault(language: string): string | null {
  return nearestLocale(language) === null
    ? `be under one of the languages ${LOCALES.join(', ')}, or its first two letters`
    : null;
}

function lengthFault(text: string): string | null {
  return countSegments(filled(text, LONGEST)) > MAX_SEGMENTS
    ? `be shorter: with the longest values it takes more than ${MAX_SEGMENTS} SMS segments`
    : null;
}
