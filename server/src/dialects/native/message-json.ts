import { type Static, Type } from '@sinclair/typebox';
import type { MessageRow } from '../../store/tables/messages.ts';
import { progress, progressJson, provenance } from './delivery-json.ts';
import { answerObject, idField, numberField, orNull } from './field-schemas.ts';

export const messageSchema = answerObject('Message', {
  id: idField('msg_', 'the message'),
  verification: orNull(idField('ver_', 'the verification whose code it holds'), {
    description: 'The verification that it was sent for; null of a code that is not checked here.',
  }),
  to: orNull(numberField, { description: 'Who it goes to, in E.164; null once that was erased.' }),
  ...provenance,
  segments: Type.Integer({ minimum: 1, description: 'SMS that it takes.' }),
  ...progress,
});

/** A message as `/v1/messages` shows it. Never the code nor the text. @param to E.164; null once it was erased */
export function messageJson(message: MessageRow, to: string | null): Static<typeof messageSchema> {
  const { id, otpId, verification, mode, dialect, segments } = message;
  return {
    id: `msg_${id}`,
    verification: verification ? `ver_${otpId}` : null,
    ...{ to, mode, dialect, segments },
    ...progressJson(message),
  };
}
