import type { Delivery } from '../delivery/delivery.ts';
import type { Routes, Uplink } from '../delivery/route.ts';
import { PassbellError, refusalError } from '../errors.ts';
import { judgeDestination } from '../guard/destination.ts';
import type { Random } from '../values/random.ts';
import type { RendersCall } from '../voice/script.ts';
import type { Draft, DraftDeps } from './draft.ts';
import { draftCall } from './draft-call.ts';
import { draftSms } from './draft-sms.ts';
import type { SendOtp, SendsOtp, SentOtp } from './send-otp.ts';

export interface SenderDeps extends DraftDeps {
  readonly delivery: Pick<Delivery, 'submit'>;
  readonly carriers: Routes<Uplink>;
  readonly trunks: Routes<Uplink>;
  readonly renderCall: RendersCall;
  readonly random: Random;
}

/** Sends codes: asks the guard, prices and seals, and commits. See `SendsOtp` for what it rejects with. */
export function otpSender(deps: SenderDeps): SendsOtp {
  return async (send) => {
    refuseDestination(send);
    refuseChannel(send, deps);
    // A message waits for nothing: sends that come in one turn must reach one commit.
    const drafted = draft(send, deps);
    return commitDraft(drafted instanceof Promise ? await drafted : drafted, deps);
  };
}

/** Prices and seals. A message is ready at once; a call's sound is made first. */
export function draft(send: SendOtp, deps: Omit<SenderDeps, 'delivery'>): Draft | Promise<Draft> {
  return send.channel === 'sms' ? draftSms(send, deps) : draftCall(send, deps);
}

/** Rejects with `channel_unavailable` where nobody could carry it. */
export function refuseChannel(
  { channel, mode }: SendOtp,
  { carriers, trunks }: Pick<SenderDeps, 'carriers' | 'trunks'>,
): void {
  const { routes } = channel === 'sms' ? carriers : trunks;
  if (routes(mode).length === 0) throw new PassbellError('channel_unavailable', { channel, reason: 'no_carrier' });
}

/** Rejects with `destination_refused` where the account may not send to. */
export function refuseDestination({ account, mode, number }: Pick<SendOtp, 'account' | 'mode' | 'number'>): void {
  const permitted = { home: account.country, countries: account.settings.countries, live: mode === 'live' };
  const reason = judgeDestination(number, permitted);
  if (reason !== null) throw new PassbellError('destination_refused', { reason });
}

export async function commitDraft(
  { request, cargo }: Draft,
  { delivery }: Pick<SenderDeps, 'delivery'>,
): Promise<SentOtp> {
  const verdict = await delivery.submit(request, cargo);
  if (!verdict.accepted) throw refusalError(verdict.refusal);
  const { otpId, deliveryId, number, available, fresh } = verdict;
  const { segments, credits, call } = request;
  return {
    ...{ otpId, deliveryId, number, segments, credits, available, fresh },
    ...(call !== null && { spokenSeconds: call.spokenMs / 1000 }),
  };
}
