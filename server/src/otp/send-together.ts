import { isError, PassbellError } from '../errors.ts';
import type { Draft } from './draft.ts';
import { commitDraft, draft, refuseChannel, refuseDestination, type SenderDeps } from './send.ts';
import type { NotSent, SendOtp, SendsTogether, SentOtp } from './send-otp.ts';

/**
 * Sends several codes that belong together. The first one that is accepted takes its credits only if there are enough for all that
 * come after it: by then the rest cannot fail for want of credits, unless others spend them at that very moment.
 */
export function togetherSender(deps: SenderDeps): SendsTogether {
  async function permitted(send: SendOtp): Promise<Draft | NotSent> {
    try {
      refuseDestination(send);
    } catch (error) {
      return notSent(error);
    }
    return draft(send, deps);
  }

  async function send(one: Draft): Promise<SentOtp | NotSent> {
    return commitDraft(one, deps).catch(notSent);
  }

  return async (requests) => {
    for (const request of requests) refuseChannel(request, deps);
    // One after the other: they speak alike, and the first one's sounds are the next one's.
    const drafts: (Draft | NotSent)[] = [];
    for (const request of requests) drafts.push(await permitted(request));

    const fates: (SentOtp | NotSent | Promise<SentOtp | NotSent>)[] = [];
    let paidFor = false;
    for (const [i, one] of drafts.entries()) {
      if ('refused' in one) fates.push(one);
      else if (paidFor) fates.push(send(one));
      else {
        const first = await send({ ...one, request: { ...one.request, needed: creditsOf(drafts.slice(i)) } });
        if ('refused' in first && concernsAll(first.refused)) throw first.refused;
        paidFor = !('refused' in first);
        fates.push(first);
      }
    }
    return Promise.all(fates);
  };
}

function creditsOf(drafts: readonly (Draft | NotSent)[]): number {
  return drafts.reduce((sum, one) => sum + ('refused' in one ? 0 : one.request.credits), 0);
}

function concernsAll(error: PassbellError): boolean {
  return isError(error, 'credits_exhausted') || isError(error, 'unavailable') || isError(error, 'idempotency_mismatch');
}

function notSent(error: unknown): NotSent {
  if (error instanceof PassbellError) return { refused: error };
  throw error;
}
