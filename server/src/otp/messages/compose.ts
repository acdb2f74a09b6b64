import type { VerificationMessages } from '../../delivery/content.ts';
import type { Fault } from '../../errors.ts';
import type { Secret } from '../../values/secret.ts';
import type { Voice } from '../../voice/speech/speech-engine.ts';
import { type Autofill, NO_AUTOFILL, withAutofill } from './autofill.ts';
import { requestFaults, sentFaults } from './compose-faults.ts';
import type { Locale } from './locales.ts';
import { type OwnTemplate, templateSpeech, templateText } from './own-template.ts';
import { aroundCode, type Values } from './placeholders.ts';
import { spokenScript } from './spoken-script.ts';
import { writtenText } from './written-text.ts';

/** What a verification is to say. `template` and `text` are alternatives; with neither, the built-in text of the locale is said. */
export interface MessageRequest {
  readonly template: OwnTemplate | null;
  /** The caller's own words for this one message, with `{code}`. */
  readonly text: string | null;
  readonly locale: Locale;
  /** Characters of the code, all of them ASCII letters or digits: what is said depends on nothing else of it. */
  readonly codeLength: number;
  /** Who sends it. For its length, as for those of amount and payee, see `LONGEST_VALUES`. */
  readonly brand: string | null;
  /** How long the code lives, whole minutes, at least 1. */
  readonly minutes: number;
  /** Of a payment: what is paid, as the payer is to read it; with `payee`, and in every text of it. */
  readonly amount: string | null;
  /** Who is paid. */
  readonly payee: string | null;
  readonly autofill: Autofill | null;
  /** SMS sender; null: the account's, else the carrier's. */
  readonly sender: string | null;
  readonly voice: Voice;
  /** How often the code can be heard again, 0 … 3. */
  readonly replays: number;
}

/** What is to be said, with a code of the length that was asked for; or what is wrong with it, by the native API's field names. */
export type Composed =
  | { readonly messages: (code: Secret) => VerificationMessages }
  | { readonly faults: readonly Fault[] };

/** How long a call may ring, ms. */
const RING_MS = 30_000;

/** Words for both channels, for a code that need not be there yet. */
export function composeMessages(request: MessageRequest): Composed {
  const { template, text, locale, sender, voice, replays } = request;
  const values = valuesOf(request);
  const autofill = request.autofill ?? NO_AUTOFILL;
  const own = text ?? (template && templateText(template, locale));
  const speech = text ?? (template && templateSpeech(template, locale));
  const field = text !== null ? 'text' : template !== null ? 'template' : null;
  const texts = [own, speech].filter((words) => words !== null);
  const faults = requestFaults({ values, autofill, field: field ?? 'text', texts });
  if (faults.length > 0) return { faults };
  const words = aroundCode(own ?? writtenText(locale, values, autofill), values);
  // Of the built-in words nothing but a value can be too long.
  const mended = field ?? (request.amount === null ? 'brand' : 'payee');
  const tooMuch = sentFaults(words.join(values.code), values, autofill, mended);
  if (tooMuch.length > 0) return { faults: tooMuch };
  const script = spokenScript(speech, locale, values, replays);
  const call = { script, voice, from: null, anonymous: false, ringMs: RING_MS };
  return {
    messages(secret) {
      const code = secret.reveal();
      const text = words.join(code);
      return { sms: { text: withAutofill(text, code, autofill), sender }, voice: { text, call } };
    },
  };
}

/** With a stand-in for the code that is as long. */
function valuesOf({ codeLength, brand, minutes, amount, payee }: MessageRequest): Values {
  return { code: '0'.repeat(codeLength), brand, minutes: String(minutes), amount, payee };
}
