import { Type } from '@sinclair/typebox';
import type { Caller } from '../../../accounts/caller.ts';
import type { AppDeps } from '../../../app-deps.ts';
import { answerObject } from '../field-schemas.ts';
import { replayed } from '../idempotency-key.ts';
import { type Operation, operation } from '../operation.ts';
import { reads } from '../reads.ts';
import { askOf } from './ask.ts';
import { noSuchVerification, verificationId, verificationParams } from './found.ts';
import { VERIFICATION } from './verification-json.ts';
import { statusSchema, verificationIdField } from './verification-schema.ts';

const feedbackBody = Type.Object(
  { converted: Type.Boolean({ must: 'be true or false' }) },
  { additionalProperties: false, must: 'be an object' },
);

const feedbackSchema = answerObject('Feedback', {
  id: verificationIdField,
  status: statusSchema,
  converted: Type.Boolean(),
});

export function giveFeedback({ verifications, vault }: Pick<AppDeps, 'verifications' | 'vault'>): Operation<Caller> {
  return operation({
    id: 'giveFeedback',
    summary: 'Tell what became of a code',
    description:
      'For accounts that compare codes themselves. It may be told when the verification has ended, and told anew.',
    tag: 'Verifications',
    params: verificationParams,
    body: reads(feedbackBody),
    idempotent: true,
    answers: { 200: { description: 'It was noted.', body: feedbackSchema } },
    problems: ['not_found'],
    async handle(call) {
      const id = verificationId(call.params);
      const { converted } = call.body;
      const wished = await verifications.feedback({ ...askOf(call, vault), id, converted });
      if (wished === null) throw noSuchVerification();
      const { state: status, fresh } = wished;
      return { status: 200, body: { id: VERIFICATION + id, status, converted }, headers: replayed(fresh) };
    },
  });
}
