import type { VerificationMessages } from '../delivery/content.ts';
import { type Channel, PassbellError, refusalError } from '../errors.ts';
import { answerPlace } from '../vault/answer-place.ts';
import type { Draft } from './draft.ts';
import { draft, refuseChannel, refuseDestination, type SenderDeps } from './send.ts';
import type { SendBase, SendOtp } from './send-otp.ts';
import type { SentVerification } from './verification.ts';

/** One send of a verification by one of its channels, refused or committed. Rejects as `SendsOtp` does; nothing is then sent or charged. */
export async function sendVerification(
  base: Omit<SendBase, 'text' | 'numbered'>,
  channel: Channel,
  messages: VerificationMessages,
  deps: SenderDeps,
): Promise<SentVerification> {
  const send = messageBy(channel, { ...base, text: '', numbered: false }, messages);
  refuseDestination(send);
  refuseChannel(send, deps);
  const drafted = draft(send, deps);
  return commit(drafted instanceof Promise ? await drafted : drafted, deps);
}

function messageBy(channel: Channel, base: SendBase, { sms, voice }: VerificationMessages): SendOtp {
  switch (channel) {
    case 'sms': {
      if (sms === null) throw notSentBy(channel);
      return { ...base, channel, text: sms.text, sender: sms.sender };
    }
    case 'voice': {
      if (voice === null) throw notSentBy(channel);
      const call = { ...voice.call, callbackUrl: null, instructionId: null, warnings: [] };
      return { ...base, channel, text: voice.text, call };
    }
    default:
      return channel satisfies never;
  }
}

function notSentBy(channel: Channel): PassbellError {
  const message = `cannot be ${channel}: this verification was made without a message for it`;
  return new PassbellError('invalid_request', { faults: [{ field: 'channel', message }] });
}

async function commit({ request, cargo }: Draft, { delivery, vault }: SenderDeps): Promise<SentVerification> {
  const verdict = await delivery.submit(request, cargo);
  if (!verdict.accepted) throw refusalError(verdict.refusal);
  const { accountId, replay, channel, segments, credits, call, createdAt, expiresAt } = request;
  const { otpId: id, deliveryId, fresh, available, quota = null, answerSealed } = verdict;
  return {
    ...{ id, deliveryId, channel, segments, credits, createdAt, expiresAt, fresh, available, quota },
    spokenSeconds: (call?.spokenMs ?? 0) / 1000,
    answer: answerSealed === undefined ? null : vault.open(answerPlace(accountId, replay?.key ?? ''), answerSealed),
  };
}
