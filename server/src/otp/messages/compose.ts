import type { VerificationMessages } from '../../delivery/content.ts';
import type { Fault } from '../../errors.ts';
import type { Secret } from '../../values/secret.ts';
import type { Voice } from '../../voice/speech/speech-engine.ts';
import { type Autofill, NO_AUTOFILL, withAutofill } from './autofill.ts';
import { type OwnWords, requestFaults, sentFaults } from './compose-faults.ts';
import type { Locale } from './locales.ts';
import { aroundCode, type Values } from './placeholders.ts';
import { spokenScript } from './spoken-script.ts';
import { writtenText } from './written-text.ts';

/** What a verification is to say. */
export interface MessageRequest {
  /** The caller's own words; null: the built-in text of the locale is said. */
  readonly own: OwnWords | null;
  /** Also of what a call says around own words. */
  readonly locale: Locale;
  /** Characters of the code, all of them ASCII letters or digits: what is said depends on nothing else of it. */
  readonly codeLength: number;
  /** Who sends it. For its length, as for those of amount and payee, see `LONGEST_VALUES`. */
  readonly brand: string | null;
  /** How long the code lives, whole minutes; 0: less than one, on which the built-in text is silent. Own words have 1 then. */
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
  const { own, locale, minutes, amount, sender, voice, replays } = request;
  const values = valuesOf(request);
  const autofill = request.autofill ?? NO_AUTOFILL;
  const faults = requestFaults({ own, values, autofill });
  if (faults.length > 0) return { faults };
  const text = own === null ? writtenText(locale, minutes, values, autofill) : own.written;
  const words = aroundCode(text, values);
  // Of the built-in words nothing but a value can be too long.
  const mended = own?.field ?? (amount === null ? 'brand' : 'payee');
  const tooMuch = sentFaults(words.join(values.code), { own, values, autofill }, mended);
  if (tooMuch.length > 0) return { faults: tooMuch };
  const script = spokenScript(own?.spoken ?? null, locale, values, replays);
  const call = { script, voice, from: null, anonymous: false, ringMs: RING_MS };
  return {
    messages(secret) {
      const code = secret.reveal();
      const said = words.join(code);
      return { sms: { text: withAutofill(said, code, autofill), sender }, voice: { text: said, call } };
    },
  };
}

/** What is wrong with the parts of a request, each by itself: all that can be told of one that has faults elsewhere. */
export function partFaults(request: MessageRequest): Fault[] {
  return requestFaults({ own: request.own, values: valuesOf(request), autofill: request.autofill ?? NO_AUTOFILL });
}

/** With a stand-in for the code that is as long. */
function valuesOf({ codeLength, brand, minutes, amount, payee }: MessageRequest): Values {
  return { code: '0'.repeat(codeLength), brand, minutes: String(Math.max(1, minutes)), amount, payee };
}
