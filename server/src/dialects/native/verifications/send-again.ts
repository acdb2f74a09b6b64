import { Type } from '@sinclair/typebox';
import type { Caller } from '../../../accounts/caller.ts';
import type { AppDeps } from '../../../app-deps.ts';
import { afterResend, afterStep, RESEND_GAPS_MS } from '../../../rules/verification.ts';
import type { Verification } from '../../../store/tables/verifications.ts';
import { emptyBody } from '../empty-body.ts';
import { type Operation, operation } from '../operation.ts';
import { reads } from '../reads.ts';
import { askOf } from './ask.ts';
import { sentTo, verificationAt, verificationParams } from './found.ts';
import { channelSchema } from './request-fields.ts';
import { sendOnce } from './send-once.ts';
import { acceptedDelivery, replayOf, SEND_PROBLEMS, type SendShown, sendHeaders } from './sent-answer.ts';
import { verificationJson } from './verification-json.ts';
import { verificationSchema } from './verification-schema.ts';

type Deps = Pick<AppDeps, 'verifications' | 'store' | 'vault' | 'clock'>;

const resendBody = Type.Object(
  { channel: Type.Optional(channelSchema) },
  { additionalProperties: false, must: 'be an object' },
);

export function resendVerification(deps: Deps): Operation<Caller> {
  const [first, second, further] = RESEND_GAPS_MS.map((ms) => ms / 1000);
  return operation({
    id: 'resendVerification',
    summary: 'Send the code again',
    description: `The same code, with the same expiry and the same count of wrong ones, by the channel that it went last or another. ${first} seconds must pass after the first send, ${second} after the second, ${further} after each further one. 409 once it has ended, which it has as soon as all that was sent is lost and no step is left: a second call is better asked for as a step.`,
    tag: 'Verifications',
    params: verificationParams,
    body: reads(resendBody),
    bodyOptional: true,
    idempotent: true,
    answers: { 200: { description: 'It was sent again.', body: verificationSchema, headers: sendHeaders } },
    problems: ['not_found', 'verification_ended', ...SEND_PROBLEMS],
    async handle(call) {
      const asked = askOf(call, deps.vault);
      return sendOnce(200, asked, deps, async () => {
        const before = await verificationAt(call.who, call.params, deps.store);
        const shown = shownAfter(before, afterResend, deps);
        const { channel = null } = call.body;
        const ask = { ...asked, verification: before, channel, replay: replayOf(asked.replay, shown) };
        return { sent: await deps.verifications.resend(ask), shown };
      });
    },
  });
}

export function nextStep(deps: Deps): Operation<Caller> {
  return operation({
    id: 'nextStep',
    summary: 'Send the workflow’s next step now',
    description: 'Without the wait that it asks for. 409 where there is no further step.',
    tag: 'Verifications',
    params: verificationParams,
    body: emptyBody,
    bodyOptional: true,
    idempotent: true,
    answers: { 200: { description: 'It was sent.', body: verificationSchema, headers: sendHeaders } },
    problems: ['not_found', 'conflict', 'verification_ended', ...SEND_PROBLEMS],
    async handle(call) {
      const asked = askOf(call, deps.vault);
      return sendOnce(200, asked, deps, async () => {
        const before = await verificationAt(call.who, call.params, deps.store);
        const shown = shownAfter(before, afterStep, deps);
        const ask = { ...asked, verification: before, replay: replayOf(asked.replay, shown) };
        return { sent: await deps.verifications.next(ask), shown };
      });
    },
  });
}

/** The verification with one delivery more, as the rules move it on. */
function shownAfter(before: Verification, moved: typeof afterStep, { vault, clock }: Deps): SendShown {
  const to = sentTo(before, vault);
  return (facts) => {
    const after = moved(before, facts.deliveryId, facts.createdAt);
    const deliveries = [...before.deliveries, acceptedDelivery(facts)];
    return verificationJson({ ...after, deliveries }, to, clock.now());
  };
}
