import { type Fault, isError } from '../../../errors.ts';
import { composeMessages, type MessageRequest } from '../../../otp/messages/compose.ts';
import { localeOf } from '../../../otp/messages/country-locale.ts';
import { LOCALES, type Locale, nearestLocale } from '../../../otp/messages/locales.ts';
import type { OwnTemplate } from '../../../otp/messages/own-template.ts';
import type { Account } from '../../../store/tables/accounts.ts';
import { parsePhoneNumber } from '../../../values/phone-number.ts';
import { Secret } from '../../../values/secret.ts';
import { findVoice, voiceNamed } from '../../../voice/voices.ts';
import { DEFAULT_LENGTH, DEFAULT_TTL, type StartBody } from './start-body.ts';

const DEFAULT_REPLAYS = 3;

export interface MessageFacts {
  readonly account: Account;
  /** The one that the request names; null: it names none, or there is none of that name. */
  readonly template: OwnTemplate | null;
}

/** What is to be said, and by whom; `warning` where another voice speaks than was asked for. */
export function messageOf(
  body: Partial<StartBody>,
  code: Secret,
  { account, template }: MessageFacts,
): { readonly request: MessageRequest; readonly warning: string | null } {
  const { text = null, brand = null, amount = null, payee = null, sender = null, autofill, ttl = DEFAULT_TTL } = body;
  const locale = localeFor(body, account);
  const { voice, warning } = voiceFor(body.voice, locale);
  return {
    warning,
    request: {
      ...{ template, text, locale, code, brand, amount, payee, sender, voice },
      // A code that lives for a minute and a half is not good for two.
      minutes: Math.max(1, Math.floor(ttl / 60)),
      autofill: autofill ? { domain: autofill.domain ?? null, androidHash: autofill.android_hash ?? null } : null,
      replays: body.voice?.replays ?? DEFAULT_REPLAYS,
    },
  };
}

/** What is wrong with what a request wants to be said. */
export function messageFaults(body: Partial<StartBody>, facts: MessageFacts): readonly Fault[] {
  const { template, locale, code, code_length: length = DEFAULT_LENGTH } = body;
  const faults: Fault[] = [];
  if (template !== undefined && facts.template === null) {
    faults.push({ field: 'template', message: 'must be the name of a template: GET /v1/templates lists them' });
  }
  if (locale !== undefined && nearestLocale(locale) === null) {
    faults.push({ field: 'locale', message: `must be a language that there are texts for: ${LOCALES.join(', ')}` });
  }
  try {
    // Only its length counts here: the code that is sent is drawn when nothing is wrong.
    composeMessages(messageOf(body, new Secret(code ?? '0'.repeat(length)), facts).request);
  } catch (error) {
    if (!isError(error, 'invalid_request')) throw error;
    faults.push(...error.detail.faults);
  }
  return faults;
}

function localeFor({ locale, to }: Partial<StartBody>, { country }: Account): Locale {
  if (locale !== undefined) return nearestLocale(locale) ?? 'en-US';
  const parsed = parsePhoneNumber(to, country);
  return localeOf(parsed.ok ? parsed.number.country : country);
}

function voiceFor(wish: StartBody['voice'] = {}, locale: Locale): ReturnType<typeof findVoice> {
  const { name, language = locale, gender = null } = wish;
  const named = name === undefined ? null : voiceNamed(name);
  return named === null ? findVoice({ language, gender }) : { voice: named, warning: null };
}
