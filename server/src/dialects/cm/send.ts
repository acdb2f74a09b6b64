import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { AllowList } from '../../callbacks/allow-list.ts';
import type { SendOtp, SendsOtp, SendsTogether, SentOtp } from '../../otp/send-otp.ts';
import type { IdSource } from '../../values/id.ts';
import { findVoice } from '../../voice/voices.ts';
import { namingFields } from '../script-faults.ts';
import type { AskedVoice } from './asked-voice.ts';
import { callerOf } from './authenticate.ts';
import { type CallQueued, callQueued } from './call-queued.ts';
import type { Callee } from './callees.ts';
import { failureOf } from './errors.ts';
import { type Instruction, readInstruction } from './instruction.ts';

/** Wrong checks allowed. The vendor's API does not check codes, nor does this dialect. */
const MAX_ATTEMPTS = 5;

const FIELDS = {
  intro: 'intro-prompt',
  codePrompt: 'code-prompt',
  code: 'code',
  replayPrompt: 'replay-prompt',
  outro: 'outro-prompt',
} as const;

export interface SendDeps {
  readonly sendOtp: SendsOtp;
  readonly sendTogether: SendsTogether;
  /** What callbacks may reach besides the public Internet. */
  readonly callbackAllow: AllowList;
  readonly ids: IdSource;
}

type Dialled = Extract<Callee, { dial: true }>;
type Skipped = Extract<Callee, { dial: false }>;

/** `POST {base}/OTP`: an object for one `callee`, a list for `callees`, one for each in their order. */
export function sends({ sendOtp, sendTogether, callbackAllow, ids }: SendDeps) {
  return async (request: FastifyRequest): Promise<CallQueued | readonly CallQueued[]> => {
    const caller = callerOf(request);
    const asked = readInstruction(request.body, caller.account, callbackAllow);
    const otpFor = otpOf(caller, asked);
    const queued = ({ number }: Dialled, { deliveryId }: SentOtp) =>
      callQueued(asked, { callId: deliveryId, callee: number.e164, error: null });
    // Clients read a GUID from every answer: where no call is made it names nothing.
    const refused = (callee: string, error: string) => callQueued(asked, { callId: ids(), callee, error });
    const skipped = ({ asSent, error }: Skipped) => refused(asSent, error);

    if (asked.callees.form === 'one') {
      const { callee } = asked.callees;
      return callee.dial ? queued(callee, await namingFields(sendOtp(otpFor(callee)), FIELDS)) : skipped(callee);
    }
    const { callees } = asked.callees;
    const dialled = callees.filter((callee) => callee.dial);
    const fates = dialled.length === 0 ? [] : await namingFields(sendTogether(dialled.map(otpFor)), FIELDS);
    const fateOf = new Map(dialled.map((callee, place) => [callee, fates[place]]));
    return callees.map((callee) => {
      if (!callee.dial) return skipped(callee);
      const fate = fateOf.get(callee);
      if (fate === undefined) throw new Error('a call without an answer');
      return 'refused' in fate ? refused(callee.number.e164, failureOf(fate.refused).message) : queued(callee, fate);
    });
  };
}

/** What each number of a request is sent. */
function otpOf({ account, mode }: Caller, asked: Instruction): (to: Dialled) => SendOtp {
  const { voice, warnings } = chooseVoice(asked.voice);
  const { code, script, caller, anonymous, ringMs, callbackUrl, instructionId } = asked;
  return ({ number, asSent }) => ({
    ...{ account, mode, number, code },
    dialect: 'cm',
    channel: 'voice',
    numberAsSent: asSent,
    // Nothing in this dialect shows a text.
    text: '',
    ttlMs: account.settings.ttlSeconds * 1000,
    maxAttempts: MAX_ATTEMPTS,
    options: '{}',
    numbered: false,
    replay: null,
    verification: null,
    via: null,
    call: { script, voice, from: caller, anonymous, ringMs, callbackUrl, instructionId, warnings },
  });
}

function chooseVoice(asked: AskedVoice) {
  const { voice, warning } = findVoice(asked);
  const warnings = warning === null ? [] : [warning];
  if (asked.premium) warnings.push('There are no premium voices: a standard voice speaks.');
  return { voice, warnings };
}
