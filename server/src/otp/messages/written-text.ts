import { countSegments } from '../../sms/segments.ts';
import { type Autofill, isReadByApp, withAutofill } from './autofill.ts';
import type { LocaleTexts } from './built-in/locale-texts.ts';
import { BUILT_IN_TEXTS } from './built-in-texts.ts';
import { LOCALES, type Locale } from './locales.ts';
import { filled, type Values } from './placeholders.ts';

/** Made once: that takes longer than all the rest of a message. Of `es-LA` Intl knows the language, which is enough. */
const PLURALS = Object.fromEntries(LOCALES.map((locale) => [locale, new Intl.PluralRules(locale)])) as Readonly<
  Record<Locale, Intl.PluralRules>
>;

/**
 * The built-in message, with its placeholders: the code and what it is for, how long it lives, and that it is not to be shared. What would take
 * another segment, or more than the app reads, is left out from the end: a reader needs the code first. The line of `autofill` is
 * counted, and not in it.
 * @param minutes whole; 0: the code lives for less than one, and how long is not said
 */
export function writtenText(locale: Locale, minutes: number, values: Values, autofill: Autofill): string {
  const texts = BUILT_IN_TEXTS[locale];
  const sent = (text: string) => withAutofill(filled(text, values), values.code, autofill);
  let text = mainText(texts, values);
  const segments = countSegments(sent(text));
  const expiry = minutes > 0 ? [expiryText(texts, locale, minutes)] : [];
  for (const sentence of [...expiry, texts.secret]) {
    const longer = `${text} ${sentence}`;
    const message = sent(longer);
    if (countSegments(message) > segments || !isReadByApp(message, autofill)) break;
    text = longer;
  }
  return text;
}

function mainText({ payment, branded, plain }: LocaleTexts, { amount, brand }: Values): string {
  return amount !== null ? payment : brand !== null ? branded : plain;
}

function expiryText({ expires }: LocaleTexts, locale: Locale, minutes: number): string {
  return expires[PLURALS[locale].select(minutes)] ?? expires.other;
}
