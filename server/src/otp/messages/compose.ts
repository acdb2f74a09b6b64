import type { VerificationMessages } from '../../delivery/content.ts';
import { type Fault, PassbellError } from '../../errors.ts';
import type { Secret } from '../../values/secret.ts';
import type { Voice } from '../../voice/speech/speech-engine.ts';
import { type Autofill, NO_AUTOFILL, withAutofill } from './autofill.ts';
import { requestFaults, sentFaults } from './compose-faults.ts';
import type { Locale } from './locales.ts';
import { type OwnTemplate, templateSpeech, templateText } from './own-template.ts';
import { filled, type Values } from './placeholders.ts';
import { spokenScript } from './spoken-script.ts';
import { writtenText } from './written-text.ts';

/** What a verification is to say. `template` and `text` are alternatives; with neither, the built-in text of the locale is said. */
export interface MessageRequest {
  readonly template: OwnTemplate | null;
  /** The caller's own words for this one message, with `{code}`. */
  readonly text: string | null;
  readonly locale: Locale;
  readonly code: Secret;
  /** Who sends it, at most 40 characters. */
  readonly brand: string | null;
  /** How long the code lives, whole minutes, at least 1. */
  readonly minutes: number;
  /** Of a payment: what is paid, as the payer is to read it, at most 30 characters; with `payee`, and in every text of it. */
  readonly amount: string | null;
  /** Who is paid, at most 60 characters. */
  readonly payee: string | null;
  readonly autofill: Autofill | null;
  /** SMS sender; null: the account's, else the carrier's. */
  readonly sender: string | null;
  readonly voice: Voice;
  /** How often the code can be heard again, 0 … 3. */
  readonly replays: number;
}

/** How long a call may ring, ms. */
const RING_MS = 30_000;

/** Words for both channels. @throws {PassbellError} `invalid_request`, with every fault, by the native API's field names. */
export function composeMessages(request: MessageRequest): VerificationMessages {
  const { template, text, locale, sender, voice, replays } = request;
  const values = valuesOf(request);
  const autofill = request.autofill ?? NO_AUTOFILL;
  const own = text ?? (template && templateText(template, locale));
  const speech = text ?? (template && templateSpeech(template, locale));
  const field = text !== null ? 'text' : template !== null ? 'template' : null;
  const texts = [own, speech].filter((words) => words !== null);
  refuse(requestFaults({ values, autofill, field: field ?? 'text', texts }));
  const words = own === null ? writtenText(locale, values, autofill) : filled(own, values);
  // Of the built-in words nothing but a value can be too long.
  refuse(sentFaults(words, values, autofill, field ?? (request.amount === null ? 'brand' : 'payee')));
  const script = spokenScript(speech, locale, values, replays);
  return {
    sms: { text: withAutofill(words, values.code, autofill), sender },
    voice: { text: words, call: { script, voice, from: null, anonymous: false, ringMs: RING_MS } },
  };
}

function valuesOf({ code, brand, minutes, amount, payee }: MessageRequest): Values {
  return { code: code.reveal(), brand, minutes: String(minutes), amount, payee };
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new PassbellError('invalid_request', { faults });
}
