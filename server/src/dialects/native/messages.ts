import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { calleeOf } from '../../delivery/callee.ts';
import { PassbellError } from '../../errors.ts';
import { idAfter, idField } from './field-schemas.ts';
import { messageJson, messageSchema } from './message-json.ts';
import { type Operation, operation } from './operation.ts';
import { pageOf, pageQuery, pageSchema } from './page.ts';

type Deps = Pick<AppDeps, 'store' | 'vault'>;

const tag = 'Messages';

export function listMessages({ store, vault }: Deps): Operation<Caller> {
  return operation({
    id: 'listMessages',
    summary: 'List messages',
    description:
      'What was sent by SMS over any API of this server, newest first: a test key sees what the sandbox phone got, a live key the real ones.',
    tag,
    query: pageQuery,
    answers: { 200: { description: 'A page of messages.', body: pageSchema(messageSchema) } },
    async handle({ who: { account, mode }, query }) {
      const found = await store.messages.after(account.id, { mode }, query.limit + 1, query.after);
      return {
        status: 200,
        body: pageOf(
          found,
          query,
          (message) => message.id,
          (message) => messageJson(message, calleeOf(message, vault)),
        ),
      };
    },
  });
}

export function showMessage({ store, vault }: Deps): Operation<Caller> {
  return operation({
    id: 'showMessage',
    summary: 'Show a message',
    description: 'With every try of it. Never its text, nor the code.',
    tag,
    params: { id: idField('msg_', 'the message') },
    answers: { 200: { description: 'The message.', body: messageSchema } },
    problems: ['not_found'],
    async handle({ who: { account, mode }, params }) {
      const id = idAfter('msg_', params['id']);
      const message = id === null ? null : await store.messages.get(account.id, id);
      if (message === null || message.mode !== mode) throw new PassbellError('not_found', { what: 'message' });
      return { status: 200, body: messageJson(message, calleeOf(message, vault)) };
    },
  });
}
