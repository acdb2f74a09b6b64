import { alphabets, type CodeRecipe } from '../../../otp/code.ts';
import type { OwnTemplate } from '../../../otp/messages/own-template.ts';
import type { StartVerification } from '../../../otp/verification.ts';
import { Secret } from '../../../values/secret.ts';
import { faultsOf, fieldsOf, type Reading, readsInto } from '../reads-judged.ts';
import { numberRead } from './request-fields.ts';
import { DEFAULT_ATTEMPTS, DEFAULT_LENGTH, type StartBody, startBody } from './start-body.ts';
import { type StartRules, startFaults } from './start-faults.ts';
import { messageRead, type Said } from './start-message.ts';
import { stepsOf } from './workflow-wire.ts';

/** What a request for a code asks for. */
interface StartAsked
  extends Pick<StartVerification, 'number' | 'numberAsSent' | 'ttlMs' | 'maxAttempts' | 'steps' | 'ip'>,
    Pick<StartVerification, 'callbackUrl' | 'metadata' | 'warnings'> {
  /** The caller's own, or what one is to be drawn of. */
  readonly code: Secret | CodeRecipe;
  readonly messages: Said['messages'];
}

interface StartFacts extends StartRules {
  /** The one that the request names; null: it names none, or there is none of that name. */
  readonly template: OwnTemplate | null;
}

/** Reads a request for a code, once: all that is done for it goes by what this returns. @throws {PassbellError} `invalid_request`, with every fault. */
export const readStart = readsInto(startBody, startRead);

function startRead(given: Partial<StartBody>, facts: StartFacts, faulty: ReadonlySet<string>): Reading<StartAsked> {
  const { account, template } = facts;
  const body = { ...given, ttl: given.ttl ?? account.settings.ttlSeconds };
  const { to, ttl, max_attempts: maxAttempts = DEFAULT_ATTEMPTS } = body;
  const number = numberRead(to, account.country);
  const country = 'value' in number ? number.value.country : account.country;
  // With a ttl that is none, nobody knows which steps come too late.
  const timed = faulty.has('ttl') ? { ...body, ttl: Number.POSITIVE_INFINITY } : body;
  const found = [...faultsOf(number), ...startFaults(timed, facts)];
  const said = messageRead(body, { country, template, faulty: new Set([...faulty, ...fieldsOf(found)]) });
  const faults = [...found, ...faultsOf(said)];
  if (to === undefined || 'faults' in number || 'faults' in said || faults.length > 0) return { faults };

  const { ip = null, callback_url: callbackUrl = null, metadata = {} } = body;
  const steps = stepsOf(body);
  const channels = steps.map(({ channel }) => channel);
  // Who names a voice means calls, if only for a resend.
  if (body.voice !== undefined) channels.push('voice');
  const { messages, warnings: told } = said.value;
  const warnings = [...new Set(channels.flatMap((channel) => told[channel]))];
  return {
    value: {
      ...{ number: number.value, numberAsSent: to, code: codeAsked(body), ttlMs: ttl * 1000, maxAttempts },
      ...{ steps, messages, ip, callbackUrl, metadata, warnings },
    },
  };
}

function codeAsked({ code, code_length: length = DEFAULT_LENGTH, alphabet = 'digits' }: Partial<StartBody>) {
  return code === undefined ? { length, alphabet: alphabets[alphabet] } : new Secret(code);
}
