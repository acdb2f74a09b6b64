import { Type } from '@sinclair/typebox';
import type { Handset } from '../../handset/handset.ts';
import { listQuery, messageJson, messageSchema, nextQuery, type Owner } from './handset-wire.ts';
import { type Operation, operation } from './operation.ts';

const tag = 'Sandbox phone';
const listSchema = Type.Object({ data: Type.Array(messageSchema) }, { additionalProperties: false });

export function listHandsetMessages(handset: Handset): Operation<Owner> {
  return operation({
    id: 'listHandsetMessages',
    summary: 'List messages at the sandbox phone',
    tag,
    query: listQuery,
    answers: { 200: { description: 'Newest first.', body: listSchema } },
    handle: async ({ who: { account }, query: { to, limit } }) => ({
      status: 200,
      body: { data: (await handset.messages(account.id, to, limit)).map(messageJson) },
    }),
  });
}

export function nextHandsetMessage(handset: Handset): Operation<Owner> {
  return operation({
    id: 'nextHandsetMessage',
    summary: 'Wait for a message',
    description: 'The oldest one after `after`; without that, the first that comes from now on.',
    tag,
    query: nextQuery,
    answers: {
      200: { description: 'The message.', body: messageSchema },
      204: { description: 'None came in time.' },
    },
    async handle({ who: { account }, query: { to, after, waitMs }, signal, identifyAgain }) {
      const message = await handset.next(account.id, to, after, waitMs, signal());
      // The key may have been revoked during the wait.
      await identifyAgain();
      return message === null ? { status: 204 } : { status: 200, body: messageJson(message) };
    },
  });
}
