import type { VerificationMessages } from '../../delivery/content.ts';
import { type Fault, PassbellError } from '../../errors.ts';
import { countSegments, MAX_SEGMENTS } from '../../sms/segments.ts';
import type { Secret } from '../../values/secret.ts';
import type { Voice } from '../../voice/speech/speech-engine.ts';
import { ANDROID_BYTES, type Autofill, autofillFaults, withAutofill } from './autofill.ts';
import type { Locale } from './locales.ts';
import { type OwnTemplate, templateSpeech, templateText } from './own-template.ts';
import { filled, type Placeholder, placeholdersIn, type Values } from './placeholders.ts';
import { spokenScript } from './spoken-script.ts';
import { textFault, valueFault } from './text-faults.ts';
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
const NO_AUTOFILL: Autofill = { domain: null, androidHash: null };

/** Words for both channels. @throws {PassbellError} `invalid_request`, with every fault, by the native API's field names. */
export function composeMessages(request: MessageRequest): VerificationMessages {
  const { template, text, locale, code, sender, voice, replays, autofill } = request;
  const values = valuesOf(request);
  const own = text ?? (template && templateText(template, locale));
  refuse([
    ...valueFaults(request),
    ...ownFaults(own, template === null ? 'text' : 'template', values),
    ...autofillFaults(autofill ?? NO_AUTOFILL).map(([field, must]) => fault(`autofill.${field}`, must)),
  ]);
  const words = own === null ? writtenText(locale, values) : filled(own, values);
  const written = withAutofill(words, code.reveal(), autofill ?? NO_AUTOFILL);
  refuse(lengthFaults(written, own === null ? 'brand' : template === null ? 'text' : 'template', autofill));
  const speech = text ?? (template && templateSpeech(template, locale));
  const script = spokenScript(speech, locale, values, replays);
  return {
    sms: { text: written, sender },
    voice: { text: words, call: { script, voice, from: null, anonymous: false, ringMs: RING_MS } },
  };
}

function valuesOf({ code, brand, minutes, amount, payee }: MessageRequest): Values {
  return { code: code.reveal(), brand, minutes: String(minutes), amount, payee };
}

function valueFaults({ brand, amount, payee }: MessageRequest): Fault[] {
  const faults = [
    ['brand', brand, 40],
    ['amount', amount, 30],
    ['payee', payee, 60],
  ] as const;
  const found = faults.flatMap(([field, value, longest]) => {
    const must = value === null ? null : valueFault(value, longest);
    return must === null ? [] : [fault(field, must)];
  });
  if (amount !== null && payee === null)
    found.push(fault('payee', 'be given with amount: the payer must see who is paid'));
  if (payee !== null && amount === null)
    found.push(fault('amount', 'be given with payee: the payer must see what is paid'));
  return found;
}

/** A text that wants what it is not given, or is given what a payer must see and does not show it. */
function ownFaults(own: string | null, field: 'text' | 'template', values: Values): Fault[] {
  if (own === null) return [];
  const must = textFault(own);
  if (must !== null) return [fault(field, must)];
  const shown = placeholdersIn(own);
  const missing = [...shown].filter((name) => values[name] === null);
  const hidden = (['amount', 'payee'] as const satisfies Placeholder[]).filter(
    (name) => values[name] !== null && !shown.has(name),
  );
  return [
    ...missing.map((name) => fault(name, `be given: the ${field} holds {${name}}`)),
    ...hidden.map((name) => fault(field, `hold {${name}}: the payer must see it`)),
  ];
}

function lengthFaults(written: string, field: string, autofill: Autofill | null): Fault[] {
  if (countSegments(written) > MAX_SEGMENTS) {
    return [fault(field, `be shorter: the message takes more than ${MAX_SEGMENTS} SMS segments`)];
  }
  if (autofill?.androidHash && Buffer.byteLength(written) > ANDROID_BYTES) {
    return [fault(field, `be shorter: with autofill.android_hash a message has at most ${ANDROID_BYTES} bytes`)];
  }
  return [];
}

function fault(field: string, must: string): Fault {
  return { field, message: `must ${must}` };
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new PassbellError('invalid_request', { faults });
}
