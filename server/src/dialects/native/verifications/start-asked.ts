import { alphabets, type CodeRecipe } from '../../../otp/code.ts';
import type { OwnTemplate } from '../../../otp/messages/own-template.ts';
import type { StartVerification } from '../../../otp/verification.ts';
import { Secret } from '../../../values/secret.ts';
import { faultsOf, type Reading, readsInto } from '../reads-judged.ts';
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

function startRead(given: Partial<StartBody>, facts: StartFacts): Reading<StartAsked> {
  const { account, template } = facts;
  const body = { ...given, ttl: given.ttl ?? account.settings.ttlSeconds };
  const { to, ttl, max_attempts: maxAttempts = DEFAULT_ATTEMPTS } = body;
  const number = numberRead(to, account.country);
  const country = 'value' in number ? number.value.country : account.country;
  const said = messageRead(body, { country, template });
  const faults = [...faultsOf(number), ...startFaults(body, facts), ...faultsOf(said)];
  if (to === undefined || 'faults' in number || 'faults' in said || faults.length > 0) return { faults };

  const { ip = null, callback_url: callbackUrl = null, metadata = {} } = body;
  const steps = stepsOf(body);
  const isHeard = body.voice !== undefined || steps.some(({ channel }) => channel === 'voice');
  const { messages, warning } = said.value;
  const warnings = isHeard && warning !== null ? [warning] : [];
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
