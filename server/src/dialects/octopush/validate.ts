import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppDeps } from '../../app-deps.ts';
import { isError } from '../../errors.ts';
import type { Checked } from '../../otp/verification.ts';
import { callerOf } from './authenticate.ts';
import { answer } from './error-handler.ts';
import { type OctopushFailure, REFUSALS, wrongCode } from './errors.ts';
import { readValidation } from './validation.ts';

export interface Validated {
  readonly code: 0;
  readonly message: 'success';
}

/** `PUT …/otp/validate`: whether a code is right. Once only: it is used up by that. */
export function validates({ verifications, random }: Pick<AppDeps, 'verifications' | 'random'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<Validated | FastifyReply> => {
    const { account, mode } = callerOf(request);
    const read = readValidation(request.body, account.country, random);
    if ('refused' in read) return answer(reply, REFUSALS[read.refused]);
    const whose = { account, mode, dialect: 'octopush', replay: null } as const;
    const checked = await unlessLocked(verifications.check({ ...whose, ...read }));
    const failure = checked === 'locked' ? REFUSALS.no_attempts : failureFor(checked);
    return failure === null ? { code: 0, message: 'success' } : answer(reply, failure);
  };
}

/** Too many wrong codes in a day lock a number, or an address, whatever each was tried on (`failureChecks`): the vendor has one message for it. */
async function unlessLocked(checking: Promise<Checked>): Promise<Checked | 'locked'> {
  try {
    return await checking;
  } catch (error) {
    if (isError(error, 'rate_limited')) return 'locked';
    throw error;
  }
}

/** Null: the code was right. */
function failureFor(checked: Checked): OctopushFailure | null {
  switch (checked.kind) {
    case 'approved':
      return null;
    case 'wrong':
      return wrongCode(checked.remaining);
    case 'final':
      return FINAL[checked.state];
    case 'not_found':
      return REFUSALS.not_found;
    default:
      return checked satisfies never;
  }
}

/** Of a verification that had ended. A code that was used, or that never reached its callee, is there for nobody. */
const FINAL = {
  approved: REFUSALS.not_found,
  canceled: REFUSALS.not_found,
  undeliverable: REFUSALS.not_found,
  expired: REFUSALS.expired,
  max_attempts_reached: REFUSALS.no_attempts,
} as const satisfies Record<Extract<Checked, { kind: 'final' }>['state'], OctopushFailure>;
