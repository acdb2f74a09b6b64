import type { Channel } from '../../../errors.ts';
import type { OwnWords } from '../../../otp/messages/compose-faults.ts';
import { localeOf } from '../../../otp/messages/country-locale.ts';
import { type Locale, languageOf, nearestLocale } from '../../../otp/messages/locales.ts';
import {
  type OwnTemplate,
  templateSpeech,
  templateText,
  type Wanted,
  type Worded,
} from '../../../otp/messages/own-template.ts';
import type { CountryCode } from '../../../values/country.ts';
import { voiceNamed } from '../../../voice/voices.ts';
import type { StartBody } from './start-body.ts';

interface Words {
  /** Null: the built-in ones. */
  readonly own: OwnWords | null;
  /** Of what is spoken. */
  readonly locale: Locale;
  /** By channel: the language that was asked for and is not had. */
  readonly warnings: Readonly<Record<Channel, readonly string[]>>;
}

/** The words that a request wants, and their language. @param template null: none is named, or there is none of that name */
export function wordsOf(body: Partial<StartBody>, template: OwnTemplate | null, country: CountryCode): Words {
  const wanted = wantedOf(body, country);
  const { text } = body;
  const none = { sms: [], voice: [] };
  if (text !== undefined) {
    return { own: { field: 'text', written: text, spoken: text }, locale: wanted.locale, warnings: none };
  }
  if (template === null) return { own: null, locale: wanted.locale, warnings: none };
  const [written, spoken] = [templateText(template, wanted), templateSpeech(template, wanted)];
  return {
    own: { field: 'template', written: written.text, spoken: spoken.text },
    locale: isFor(wanted, spoken) ? wanted.locale : (nearestLocale(spoken.tag) ?? wanted.locale),
    warnings: { sms: missing(body, wanted, written), voice: missing(body, wanted, spoken) },
  };
}

/** As `locale` says, else as the voice that is asked for speaks, else as most people of the number's country read. */
function wantedOf({ locale, voice }: Partial<StartBody>, country: CountryCode): Wanted {
  const tag = locale ?? voiceTag(voice) ?? '';
  const nearest = nearestLocale(tag);
  if (nearest !== null) return { tag, locale: nearest };
  const built = localeOf(country);
  return { tag: `${languageOf(built)}-${country}`, locale: built };
}

function voiceTag({ name, language }: StartBody['voice'] = {}): string | undefined {
  if (name !== undefined) return voiceNamed(name)?.locale;
  if (language === undefined) return undefined;
  // `en-Latn-GB` is no locale, and yet English.
  return nearestLocale(language) === null ? languageOf(language) : language;
}

function isFor(wanted: Wanted, { tag }: Worded): boolean {
  return languageOf(tag) === languageOf(wanted.tag);
}

function missing({ locale }: Partial<StartBody>, wanted: Wanted, words: Worded): readonly string[] {
  if (locale === undefined || isFor(wanted, words)) return [];
  return [`The template has no words in ${locale}; those in ${words.tag.trim()} are taken instead.`];
}
