import { type Locale, nearestLocale } from './locales.ts';

/** An account's own words, by language: BCP 47, or a language alone (`fr`). */
export interface OwnTemplate {
  readonly name: string;
  /** For messages. At least one; the first is for all languages that have none here. */
  readonly texts: Readonly<Record<string, string>>;
  /** For calls; where there is none for a language, its message is spoken. */
  readonly spoken: Readonly<Record<string, string>>;
}

export const TEMPLATE_NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/** The one for a locale: its own, one of its language, or null. */
function forLocale(texts: Readonly<Record<string, string>>, locale: Locale): string | null {
  const entries = Object.entries(texts);
  const language = locale.slice(0, 2);
  const found =
    entries.find(([tag]) => tag.toLowerCase() === locale.toLowerCase()) ??
    // `es-419` and `es-MX` for `es-LA`; a language alone has its turn behind them.
    entries.find(([tag]) => tag.length > 2 && nearestLocale(tag) === locale) ??
    entries.find(([tag]) => tag.toLowerCase() === language) ??
    entries.find(([tag]) => nearestLocale(tag)?.startsWith(`${language}-`));
  return found?.[1] ?? null;
}

/** What a message says in a locale. */
export function templateText({ texts }: OwnTemplate, locale: Locale): string {
  const text = forLocale(texts, locale) ?? Object.values(texts)[0];
  if (text === undefined) throw new RangeError('a template without a text');
  return text;
}

/** What a call says in a locale. */
export function templateSpeech(template: OwnTemplate, locale: Locale): string {
  return forLocale(template.spoken, locale) ?? templateText(template, locale);
}
