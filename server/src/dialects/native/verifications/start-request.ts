import type { Caller } from '../../../accounts/caller.ts';
import type { AppDeps } from '../../../app-deps.ts';
import { alphabets, drawCode } from '../../../otp/code.ts';
import { composeMessages } from '../../../otp/messages/compose.ts';
import { TEMPLATE_NAME } from '../../../otp/messages/own-template.ts';
import type { StartVerification } from '../../../otp/verification.ts';
import type { Random } from '../../../values/random.ts';
import { Secret } from '../../../values/secret.ts';
import type { Call } from '../operation.ts';
import { readsJudged } from '../reads-judged.ts';
import { askOf } from './ask.ts';
import { numberOf } from './request-fields.ts';
import { acceptedDelivery, replayOf, type SendShown } from './sent-answer.ts';
import { DEFAULT_ATTEMPTS, DEFAULT_LENGTH, DEFAULT_TTL, type StartBody, startBody } from './start-body.ts';
import { startFaults } from './start-faults.ts';
import { messageOf } from './start-message.ts';
import { verificationJson } from './verification-json.ts';
import { namesFor, stepsOf } from './workflow-wire.ts';

export type StartDeps = Pick<AppDeps, 'store' | 'carriers' | 'trunks' | 'callbackAllow' | 'vault' | 'clock' | 'random'>;

const read = readsJudged(startBody, startFaults);

/** What a request for a code asks to be sent, and how the answer shows it. Rejects with `invalid_request`, every fault at once. */
export async function requestOf(
  call: Call<Caller>,
  deps: StartDeps,
): Promise<{ readonly request: StartVerification; readonly shown: SendShown }> {
  const { vault, clock, random, callbackAllow: allow } = deps;
  const { account, mode } = call.who;
  const template = await templateOf(call.body, account.id, deps.store);
  const body = read(call.body, { account, template, names: namesFor(mode, deps), allow });
  const number = numberOf(body.to, account.country);
  const code = codeOf(body, random);
  const steps = stepsOf(body);
  const said = messageOf(body, code, { account, template });
  const isHeard = body.voice !== undefined || steps.some(({ channel }) => channel === 'voice');
  const warnings = isHeard && said.warning !== null ? [said.warning] : [];
  const { max_attempts: maxAttempts = DEFAULT_ATTEMPTS, metadata = {}, callback_url: callbackUrl = null } = body;

  const shown: SendShown = (facts) => {
    const { id, createdAt, expiresAt } = facts;
    const asked = { mode, dialect: 'native', steps, maxAttempts, metadata, warnings } as const;
    const begun = { state: 'pending', failures: 0, converted: null, finalAt: null, step: 0, sends: 1 } as const;
    const sent = { id, createdAt, expiresAt, lastSentAt: createdAt, deliveries: [acceptedDelivery(facts)] };
    return verificationJson({ ...asked, ...begun, ...sent }, number.e164, clock.now());
  };
  const { replay, ...asker } = askOf(call, vault);
  return {
    shown,
    request: {
      ...{ ...asker, number, numberAsSent: body.to, code, steps, maxAttempts, metadata, warnings, callbackUrl },
      ttlMs: (body.ttl ?? DEFAULT_TTL) * 1000,
      messages: composeMessages(said.request),
      ...{ ip: body.ip ?? null, bindIp: false, options: '{}' },
      replay: replayOf(replay, shown),
    },
  };
}

/** The template that the request names, if it does and there is one. Looked up before the rest is read, so that all faults are told at once. */
async function templateOf(body: unknown, accountId: string, { templates }: Pick<AppDeps['store'], 'templates'>) {
  const { template } = Object(body) as { template?: unknown };
  return typeof template === 'string' && TEMPLATE_NAME.test(template) ? templates.get(accountId, template) : null;
}

function codeOf(
  { code, code_length: length = DEFAULT_LENGTH, alphabet = 'digits' }: StartBody,
  random: Random,
): Secret {
  return code === undefined ? drawCode({ length, alphabet: alphabets[alphabet] }, random) : new Secret(code);
}
