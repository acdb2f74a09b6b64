import { Type } from '@sinclair/typebox';
import type { Caller } from '../../../accounts/caller.ts';
import type { AppDeps } from '../../../app-deps.ts';
import { PassbellError } from '../../../errors.ts';
import { emptyBody } from '../empty-body.ts';
import { answerObject } from '../field-schemas.ts';
import { replayed } from '../idempotency-key.ts';
import { type Operation, operation } from '../operation.ts';
import { askOf } from './ask.ts';
import { noSuchVerification, verificationId, verificationParams } from './found.ts';
import { VERIFICATION } from './verification-json.ts';
import { verificationIdField } from './verification-schema.ts';

const canceledSchema = answerObject('Canceled', { id: verificationIdField, status: Type.Literal('canceled') });

export function cancelVerification({
  verifications,
  vault,
}: Pick<AppDeps, 'verifications' | 'vault'>): Operation<Caller> {
  return operation({
    id: 'cancelVerification',
    summary: 'End a verification',
    description:
      'Its code is not checked nor sent any more. Canceling twice is no mistake; what has come to another end gets 409.',
    tag: 'Verifications',
    params: verificationParams,
    body: emptyBody,
    bodyOptional: true,
    idempotent: true,
    answers: { 200: { description: 'It was canceled.', body: canceledSchema } },
    problems: ['not_found', 'verification_ended'],
    async handle(call) {
      const id = verificationId(call.params);
      const wished = await verifications.cancel({ ...askOf(call, vault), id });
      if (wished === null) throw noSuchVerification();
      const { state: status, fresh } = wished;
      if (status === 'pending') throw new Error('a verification that was canceled and goes on');
      if (status !== 'canceled') throw new PassbellError('verification_ended', { state: status });
      return { status: 200, body: { id: VERIFICATION + id, status }, headers: replayed(fresh) };
    },
  });
}
