import { Type } from '@sinclair/typebox';
import type { VerificationState } from '../../../rules/verification.ts';
import { progress, provenance } from '../delivery-json.ts';
import { answerObject, idField, numberField, orNull, timeField } from '../field-schemas.ts';
import { channelSchema } from './request-fields.ts';

const STATUSES = [
  'pending',
  'approved',
  'canceled',
  'expired',
  'max_attempts_reached',
  'undeliverable',
] as const satisfies readonly VerificationState[];

/** What a prefix of `ver_` is the id of. */
export const verificationIdField = idField('ver_', 'the verification');

export const statusSchema = Type.Union(
  STATUSES.map((status) => Type.Literal(status)),
  {
    description:
      '`pending`, then one of the others, for good. `undeliverable`: nothing that was sent arrived, and there is no further step.',
  },
);

export const deliverySchema = answerObject('Delivery', {
  id: Type.String({ description: 'msg_… of a message, call_… of a call.' }),
  channel: channelSchema,
  segments: orNull(Type.Integer({ minimum: 1 }), { description: 'SMS that it takes; null of a call.' }),
  seconds: orNull(Type.Number({ minimum: 0 }), { description: 'How long the call speaks; null of a message.' }),
  answered_at: orNull(timeField('When the call was answered.')),
  ...progress,
});

const step = answerObject('Step', {
  channel: channelSchema,
  carrier: orNull(Type.String(), { description: 'The carrier or trunk that is asked first; null: any.' }),
  wait: Type.Number({ minimum: 0, description: 'Seconds after the step before it.' }),
});

const attempts = answerObject('Attempts', {
  failed: Type.Integer({ minimum: 0, description: 'Wrong codes so far.' }),
  remaining: Type.Integer({ minimum: 0, description: 'Wrong codes that it still allows; a lock may leave fewer.' }),
  max: Type.Integer({ minimum: 1, description: 'Wrong codes that end it.' }),
});

export const verificationSchema = answerObject('Verification', {
  id: verificationIdField,
  status: statusSchema,
  to: orNull(numberField, { description: 'Who it goes to, in E.164; null once that was erased.' }),
  channel: channelSchema,
  ...provenance,
  created_at: timeField('When it was accepted.'),
  expires_at: timeField('When the code dies. A resend does not move it.'),
  approved_at: orNull(timeField('When the right code was given.')),
  ended_at: orNull(timeField('When it came to its end, whichever.')),
  attempts,
  deliveries: Type.Array(deliverySchema, { description: 'What was sent, oldest first.' }),
  workflow: Type.Array(step, { description: 'How it is sent; the first step was sent at once.' }),
  next_step_at: orNull(timeField('When the next step comes; null where none will.')),
  resend_at: orNull(timeField('From when it may be sent again; null once it has ended, and for one of another API.')),
  metadata: Type.Record(Type.String(), Type.String(), { description: 'As it was given.' }),
  warnings: Type.Array(Type.String(), { description: 'What was taken in place of what was asked for, in sentences.' }),
  converted: orNull(Type.Boolean(), { description: 'What feedback said; null: nothing yet.' }),
});
