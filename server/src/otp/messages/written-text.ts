import { countSegments } from '../../sms/segments.ts';
import { type Autofill, isReadByApp, withAutofill } from './autofill.ts';
import type { LocaleTexts } from './built-in/locale-texts.ts';
import { BUILT_IN_TEXTS } from './built-in-texts.ts';
import type { Locale } from './locales.ts';
import { filled, type Values } from './placeholders.ts';

/**
 * The built-in message: the code and what it is for, how long it lives, and that it is not to be shared. What would take another segment,
 * or more than the app reads, is left out from the end: a reader needs the code first. The line of `autofill` is counted, and not in it.
 */
export function writtenText(locale: Locale, values: Values, autofill: Autofill): string {
  const texts = BUILT_IN_TEXTS[locale];
  const [main, ...more] = [mainText(texts, values), expiryText(texts, locale, values.minutes), texts.secret];
  const sent = (words: string) => withAutofill(words, values.code, autofill);
  const isFree = (longer: string, shorter: string) =>
    countSegments(sent(longer)) <= countSegments(sent(shorter)) && isReadByApp(sent(longer), autofill);
  let text = filled(main ?? '', values);
  for (const sentence of more) {
    const longer = `${text} ${filled(sentence, values)}`;
    if (!isFree(longer, text)) break;
    text = longer;
  }
  return text;
}

function mainText({ payment, branded, plain }: LocaleTexts, { amount, brand }: Values): string {
  return amount !== null ? payment : brand !== null ? branded : plain;
}

function expiryText({ expires }: LocaleTexts, locale: Locale, minutes: string): string {
  // `es-LA` is Octopush's name, and no tag that Intl knows.
  const rules = new Intl.PluralRules(locale === 'es-LA' ? 'es' : locale);
  return expires[rules.select(Number(minutes))] ?? expires.other;
}
