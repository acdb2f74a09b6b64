import type { Fault } from '../../errors.ts';
import { countSegments, MAX_SEGMENTS } from '../../sms/segments.ts';
import { CODE_LENGTH, CODE_TTL } from '../code-bounds.ts';
import { LOCALES, nearestLocale } from './locales.ts';
import { type OwnTemplate, templateSpeech, templateText } from './own-template.ts';
import { filled, placeholdersIn, type Values } from './placeholders.ts';
import { LONGEST_VALUES, textFault } from './text-faults.ts';

/** As long as each may be in the GSM alphabet, of which € takes the room of two letters: with these a message must still fit. */
const LONGEST: Values = {
  code: '0'.repeat(CODE_LENGTH.most),
  brand: '€'.repeat(LONGEST_VALUES.brand),
  minutes: String(CODE_TTL.most / 60),
  amount: '€'.repeat(LONGEST_VALUES.amount),
  payee: '€'.repeat(LONGEST_VALUES.payee),
};

/** What is wrong with a template's words, by language, each fault under `field.language`. */
export function wordsFaults(field: 'texts' | 'spoken', words: Readonly<Record<string, string>>): Fault[] {
  return Object.entries(words).flatMap(([language, text]) => {
    const must = languageFault(language) ?? textFault(text) ?? lengthFault(text);
    return must === null ? [] : [{ field: `${field}.${language}`, message: `must ${must}` }];
  });
}

/**
 * What is wrong with words that are each in order, but not together: where a payment stands in what is said of it by message or by call,
 * and not in the other, no request could be sent. Each fault is under `spoken.language`.
 */
export function paymentFaults(template: Pick<OwnTemplate, 'texts' | 'spoken'>): Fault[] {
  const { texts, spoken } = template;
  if (Object.keys(texts).length === 0) return [];
  const found = [...Object.keys(texts), ...Object.keys(spoken)].flatMap((tag): Fault[] => {
    const locale = nearestLocale(tag);
    if (locale === null) return [];
    const [written, heard] = [templateText(template, { tag, locale }), templateSpeech(template, { tag, locale })];
    if (namesPayment(written.text) === namesPayment(heard.text)) return [];
    const message = namesPayment(written.text)
      ? `must hold {amount} and {payee}, as texts.${written.tag} does: a payer must learn both, written and spoken`
      : `must not hold {amount} and {payee} unless texts.${written.tag} does: a payer must learn both, written and spoken`;
    return [{ field: `spoken.${heard.tag}`, message }];
  });
  return [...new Map(found.map((fault) => [fault.field, fault])).values()];
}

function namesPayment(text: string): boolean {
  return placeholdersIn(text).has('amount');
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
