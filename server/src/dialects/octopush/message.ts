import type { Channel } from '../../errors.ts';
import type { StartVerification } from '../../otp/verification.ts';
import type { AccountSettings } from '../../rules/account-settings.ts';
import { optimizeForGsm7 } from '../../sms/optimize.ts';
import { countSegments, MAX_SEGMENTS } from '../../sms/segments.ts';
import type { Secret } from '../../values/secret.ts';
import { findVoice } from '../../voice/voices.ts';
import { callScript } from './call-script.ts';
import { cutToFit } from './cut-to-fit.ts';
import type { GenerateFields } from './generate-fields.ts';
import { chooseSender } from './sender.ts';
import { type Piece, wordMessage, written } from './wording.ts';

/** The vendor's bound, code included: eight parts of GSM-7. */
const LONGEST = 1224;
/** The vendor does not say how long it lets a phone ring. */
const RING_MS = 45_000;

export interface MessageFacts {
  readonly code: Secret;
  /** What the code was drawn from. */
  readonly alphabet: string;
  /** When the code dies, as a clock shows it. */
  readonly diesAt: string;
  readonly settings: Pick<AccountSettings, 'sender' | 'senders'>;
}

export interface Message extends Pick<StartVerification, 'messages' | 'warnings'> {
  readonly channel: Channel;
}

/** What the callee reads or hears, by the channel that was asked for. */
export function messageOf(asked: GenerateFields, facts: MessageFacts): Message {
  switch (asked.channel) {
    case 'sms':
      return smsOf(asked, facts);
    case 'voice_sms':
      return callOf(asked, facts);
    default:
      return asked.channel satisfies never;
  }
}

function smsOf(
  { text, sender: askedSender, auto_optimize_text: optimize }: GenerateFields,
  facts: MessageFacts,
): Message {
  const plain = optimize ? optimizeForGsm7(text) : text;
  const replaced = plain === text ? [] : ['text held characters outside GSM-7: plain ones were written instead.'];
  // A text of 1224 characters in UCS-2 would be twice as many parts as handsets and carriers bear.
  const worded = word(plain, facts, (message) => message.length <= LONGEST && countSegments(message) <= MAX_SEGMENTS);
  const { sender, warnings } = chooseSender(askedSender.trim(), facts.settings);
  return {
    channel: 'sms',
    messages: { sms: { text: written(worded.pieces, facts.code), sender }, voice: null },
    warnings: [...replaced, ...worded.warnings, ...warnings],
  };
}

function callOf({ text, voice_language, voice_gender }: GenerateFields, facts: MessageFacts): Message {
  const { pieces, warnings } = word(text, facts, (message) => message.length <= LONGEST);
  const { voice, warning } = findVoice({ language: voice_language, gender: voice_gender });
  const call = { script: callScript(pieces), voice, from: null, anonymous: false, ringMs: RING_MS };
  return {
    channel: 'voice',
    messages: { sms: null, voice: { text: written(pieces, facts.code), call } },
    warnings: warning === null ? warnings : [...warnings, warning],
  };
}

function word(text: string, facts: MessageFacts, fits: (message: string) => boolean) {
  const { pieces, warnings } = wordMessage(text, facts);
  const cut: readonly Piece[] = cutToFit(pieces, facts.code, fits);
  return { pieces: cut, warnings: cut === pieces ? warnings : [...warnings, 'text was too long: it was cut.'] };
}
