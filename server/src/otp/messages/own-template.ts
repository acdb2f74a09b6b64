import { type Locale, languageOf, nearestLocale, plainTag } from './locales.ts';

/** An account's own words, by language: BCP 47, or a language alone (`fr`). */
export interface OwnTemplate {
  readonly name: string;
  /** For messages. At least one; the first is for all languages that have none here. */
  readonly texts: Readonly<Record<string, string>>;
  /** For calls; where there is none for a language, its message is spoken. */
  readonly spoken: Readonly<Record<string, string>>;
}

/** The language that words are wanted in. */
export interface Wanted {
  /** As it was asked for: a text under just this one comes first, whatever words are built in. */
  readonly tag: string;
  /** The built-in one for it. */
  readonly locale: Locale;
}

/** A text of a template, and the language that it stands under there. */
export interface Worded {
  readonly text: string;
  readonly tag: string;
}

export const TEMPLATE_NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/** The Spanish of all Latin America, by our name and by that of BCP 47 (UN M49). */
const LATIN_AMERICAN: ReadonlySet<string> = new Set(['es-la', 'es-419']);

/** The text for a language: under its own tag, under the language alone, under the nearest tag of that language; null: there is none. */
function wordedFor(texts: Readonly<Record<string, string>>, { tag, locale }: Wanted): Worded | null {
  const [asked, language] = [plainTag(tag), languageOf(tag)];
  const nearer: readonly ((under: string) => boolean)[] = [
    (under) => under === asked,
    // Nearer to Mexico's than Spanish at large, as in CLDR's parentLocales.
    (under) => locale === 'es-LA' && LATIN_AMERICAN.has(under),
    (under) => under === language,
    (under) => under === plainTag(locale),
    (under) => nearestLocale(under) === locale,
    (under) => languageOf(under) === language,
  ];
  const entries = Object.entries(texts);
  for (const isNear of nearer) {
    const [under, text] = entries.find(([each]) => isNear(plainTag(each))) ?? [];
    if (under !== undefined && text !== undefined) return { tag: under, text };
  }
  return null;
}

/** What a message says in a language. */
export function templateText({ texts }: Pick<OwnTemplate, 'texts'>, wanted: Wanted): Worded {
  const [first] = Object.entries(texts);
  if (first === undefined) throw new RangeError('a template without a text');
  return wordedFor(texts, wanted) ?? { tag: first[0], text: first[1] };
}

/** What a call says in a language. */
export function templateSpeech(template: Pick<OwnTemplate, 'texts' | 'spoken'>, wanted: Wanted): Worded {
  return wordedFor(template.spoken, wanted) ?? templateText(template, wanted);
}
