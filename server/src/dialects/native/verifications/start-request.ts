import type { Caller } from '../../../accounts/caller.ts';
import type { AppDeps } from '../../../app-deps.ts';
import { drawCode } from '../../../otp/code.ts';
import { TEMPLATE_NAME } from '../../../otp/messages/own-template.ts';
import type { StartVerification } from '../../../otp/verification.ts';
import { Secret } from '../../../values/secret.ts';
import type { Call } from '../operation.ts';
import type { Asked } from './ask.ts';
import { acceptedDelivery, replayOf, type SendShown } from './sent-answer.ts';
import { readStart } from './start-asked.ts';
import { verificationJson } from './verification-json.ts';
import { mayName } from './workflow-wire.ts';

export type StartDeps = Pick<AppDeps, 'store' | 'carriers' | 'trunks' | 'callbackAllow' | 'vault' | 'clock' | 'random'>;

/** What a request for a code asks to be sent, and how the answer shows it. Rejects with `invalid_request`, every fault at once. */
export async function requestOf(
  call: Call<Caller>,
  { replay, ...asker }: Asked,
  deps: StartDeps,
): Promise<{ readonly request: StartVerification; readonly shown: SendShown }> {
  const { clock, random, callbackAllow: allow } = deps;
  const { account, mode } = asker;
  const template = await templateOf(call.body, account.id, deps.store);
  const read = readStart(call.body, { account, template, mayName: mayName(mode, deps), allow });
  const { code: wanted, messages, ...rest } = read;
  const { number, steps, maxAttempts, metadata, warnings } = rest;

  const shown: SendShown = (facts) => {
    const { id, createdAt, expiresAt } = facts;
    const asked = { mode, dialect: 'native', steps, maxAttempts, metadata, warnings } as const;
    const begun = {
      state: 'pending',
      failures: 0,
      converted: null,
      finalAt: null,
      dueAt: null,
      step: 0,
      sends: 1,
    } as const;
    const sent = { id, createdAt, expiresAt, lastSentAt: createdAt, deliveries: [acceptedDelivery(facts)] };
    return verificationJson({ ...asked, ...begun, ...sent }, number.e164, clock.now());
  };
  const code = wanted instanceof Secret ? wanted : drawCode(wanted, random);
  return {
    shown,
    request: {
      ...{ ...asker, ...rest, code, messages: messages(code) },
      ...{ bindIp: false, options: '{}', replay: replayOf(replay, shown) },
    },
  };
}

/** The template that the request names, if it does and there is one. Looked up before the rest is read, so that all faults are told at once. */
async function templateOf(body: unknown, accountId: string, { templates }: Pick<AppDeps['store'], 'templates'>) {
  const { template } = Object(body) as { template?: unknown };
  return typeof template === 'string' && TEMPLATE_NAME.test(template) ? templates.get(accountId, template) : null;
}
