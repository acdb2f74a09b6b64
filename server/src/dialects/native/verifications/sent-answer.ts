import { Type } from '@sinclair/typebox';
import type { ReplayedSend, SendFacts, SentVerification } from '../../../otp/verification.ts';
import type { Replay } from '../../../rules/accept.ts';
import type { VerificationDelivery } from '../../../store/tables/verifications.ts';
import { rateLimitFields } from '../../rate-limit-fields.ts';
import { REPLAYED } from '../idempotency-key.ts';
import type { VerificationJson } from './verification-json.ts';

/** What a send answers, from what is known of it before its commit: so the answer can be stored in it. */
export type SendShown = (facts: SendFacts) => VerificationJson;

/** What a send can be refused with, whatever it is for. */
export const SEND_PROBLEMS = [
  'credits_exhausted',
  'destination_refused',
  'rate_limited',
  'channel_unavailable',
] as const;

export const sendHeaders = {
  ratelimit: Type.Optional(
    Type.String({
      description: 'What the tightest limit leaves: sends at once, and seconds until it is untouched again.',
      examples: ['"number";r=2;t=200'],
    }),
  ),
  'ratelimit-policy': Type.Optional(
    Type.String({
      description: 'That limit: sends in so many seconds.',
      examples: ['"number";q=3;w=600'],
    }),
  ),
};

/** An idempotency key with the answer that its replays get. */
export function replayOf(replay: Replay | null, shown: SendShown): ReplayedSend | null {
  return replay && { ...replay, answer: (facts) => JSON.stringify(shown(facts)) };
}

/** The answer to a send, or to the repetition of one. */
export function sentAnswer<S extends 200 | 201>(status: S, sent: SentVerification, shown: SendShown) {
  const body = sent.answer === null ? shown(sent) : (JSON.parse(sent.answer) as VerificationJson);
  return { status, body, headers: sent.fresh ? rateLimitFields(sent.quota) : REPLAYED };
}

/** A delivery as it stands when it is accepted. */
export function acceptedDelivery(facts: SendFacts): VerificationDelivery {
  const { deliveryId: id, channel, segments, spokenSeconds, credits, createdAt } = facts;
  return {
    ...{ id, channel, segments, credits, createdAt },
    ...{ state: 'queued', reason: null, carrier: null, submittedAt: null, answeredAt: null, finalAt: null, tries: [] },
    spokenMs: channel === 'voice' ? spokenSeconds * 1000 : null,
  };
}
