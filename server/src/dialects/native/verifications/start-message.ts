import type { VerificationMessages } from '../../../delivery/content.ts';
import type { Channel, Fault } from '../../../errors.ts';
import { composeMessages, type MessageRequest, partFaults } from '../../../otp/messages/compose.ts';
import { LOCALES, nearestLocale } from '../../../otp/messages/locales.ts';
import type { OwnTemplate } from '../../../otp/messages/own-template.ts';
import type { CountryCode } from '../../../values/country.ts';
import type { Secret } from '../../../values/secret.ts';
import type { Reading } from '../reads-judged.ts';
import { DEFAULT_LENGTH, type StartBody, type TimedBody } from './start-body.ts';
import { speakerOf } from './start-message-voice.ts';
import { wordsOf } from './start-message-words.ts';

const DEFAULT_REPLAYS = 3;

export interface MessageFacts {
  /** Whose language is spoken where the request says nothing: the number's. */
  readonly country: CountryCode;
  /** The one that the request names; null: it names none, or there is none of that name. */
  readonly template: OwnTemplate | null;
  /** Fields that have faults already: what rests on them is not judged. */
  readonly faulty: ReadonlySet<string>;
}

/** What the choice of words rests on, but of `text`. */
const CHOICE = ['to', 'template', 'locale', 'voice'] as const;

/** What their length rests on besides. */
const LENGTH = ['text', 'brand', 'amount', 'payee', 'code', 'code_length', 'autofill', 'ttl'] as const;

/** What is said, and by whom. */
export interface Said {
  readonly messages: (code: Secret) => VerificationMessages;
  /** What is taken in place of what was asked for, by the channel that it shows in. */
  readonly warnings: Readonly<Record<Channel, readonly string[]>>;
}

/** Puts together what a request wants to be said. */
export function messageRead(body: TimedBody, { country, template, faulty: known }: MessageFacts): Reading<Said> {
  const names = nameFaults(body, template);
  const faulty = new Set([...known, ...names.map(({ field }) => field)]);
  const isFaulty = (field: string) => faulty.has(field);
  const words = wordsOf(body, CHOICE.some(isFaulty) ? null : template, country);
  const speaker = speakerOf(body.voice, words.locale);
  const { brand = null, amount = null, payee = null, sender = null, autofill, ttl } = body;
  const request: MessageRequest = {
    ...{ own: words.own, locale: words.locale, brand, amount, payee, sender, voice: speaker.voice },
    codeLength: body.code?.length ?? body.code_length ?? DEFAULT_LENGTH,
    // A code that lives for a minute and a half is not good for two.
    minutes: Math.floor(ttl / 60),
    autofill: autofill ? { domain: autofill.domain ?? null, androidHash: autofill.android_hash ?? null } : null,
    replays: body.voice?.replays ?? DEFAULT_REPLAYS,
  };
  const restsOn = body.text === undefined ? [...CHOICE, ...LENGTH] : LENGTH;
  const composed = restsOn.some(isFaulty) ? { faults: partFaults(request) } : composeMessages(request);
  const faults = [...names, ...('faults' in composed ? composed.faults : [])];
  if ('faults' in composed || faults.length > 0) return { faults };
  const { sms, voice } = words.warnings;
  return { value: { messages: composed.messages, warnings: { sms, voice: [...voice, ...speaker.warnings] } } };
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
