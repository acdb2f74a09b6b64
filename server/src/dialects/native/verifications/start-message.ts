import type { VerificationMessages } from '../../../delivery/content.ts';
import type { Fault } from '../../../errors.ts';
import { composeMessages } from '../../../otp/messages/compose.ts';
import { localeOf } from '../../../otp/messages/country-locale.ts';
import { LOCALES, type Locale, nearestLocale } from '../../../otp/messages/locales.ts';
import type { OwnTemplate } from '../../../otp/messages/own-template.ts';
import type { CountryCode } from '../../../values/country.ts';
import type { Secret } from '../../../values/secret.ts';
import { findVoice, voiceNamed } from '../../../voice/voices.ts';
import type { Reading } from '../reads-judged.ts';
import { DEFAULT_LENGTH, type StartBody, type TimedBody } from './start-body.ts';

const DEFAULT_REPLAYS = 3;

export interface MessageFacts {
  /** Whose language is spoken where the request says nothing: the number's. */
  readonly country: CountryCode;
  /** The one that the request names; null: it names none, or there is none of that name. */
  readonly template: OwnTemplate | null;
}

/** What is said, and by whom. */
export interface Said {
  readonly messages: (code: Secret) => VerificationMessages;
  /** Another voice speaks than was asked for; null: it is the one. */
  readonly warning: string | null;
}

/** Puts together what a request wants to be said. */
export function messageRead(body: TimedBody, { country, template }: MessageFacts): Reading<Said> {
  const { text = null, brand = null, amount = null, payee = null, sender = null, autofill, ttl } = body;
  const locale = localeFor(body, country);
  const { voice, warning } = voiceFor(body.voice, locale);
  const composed = composeMessages({
    ...{ template, text, locale, brand, amount, payee, sender, voice },
    codeLength: body.code?.length ?? body.code_length ?? DEFAULT_LENGTH,
    // A code that lives for a minute and a half is not good for two.
    minutes: Math.max(1, Math.floor(ttl / 60)),
    autofill: autofill ? { domain: autofill.domain ?? null, androidHash: autofill.android_hash ?? null } : null,
    replays: body.voice?.replays ?? DEFAULT_REPLAYS,
  });
  const faults = [...nameFaults(body, template), ...('faults' in composed ? composed.faults : [])];
  if ('faults' in composed || faults.length > 0) return { faults };
  return { value: { messages: composed.messages, warning } };
}

/** Words and languages that there are not. */
function nameFaults({ template, locale }: Partial<StartBody>, found: OwnTemplate | null): Fault[] {
  const faults: Fault[] = [];
  if (template !== undefined && found === null) {
    faults.push({ field: 'template', message: 'must be the name of a template: GET /v1/templates lists them' });
  }
  if (locale !== undefined && nearestLocale(locale) === null) {
    faults.push({ field: 'locale', message: `must be a language that there are texts for: ${LOCALES.join(', ')}` });
  }
  return faults;
}

function localeFor({ locale }: Partial<StartBody>, country: CountryCode): Locale {
  return locale === undefined ? localeOf(country) : (nearestLocale(locale) ?? 'en-US');
}

function voiceFor(wish: StartBody['voice'] = {}, locale: Locale): ReturnType<typeof findVoice> {
  const { name, language = locale, gender = null } = wish;
  const named = name === undefined ? null : voiceNamed(name);
  return named === null ? findVoice({ language, gender }) : { voice: named, warning: null };
}
