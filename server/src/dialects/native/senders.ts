import { Type } from '@sinclair/typebox';
import type { Caller } from '../../accounts/caller.ts';
import { isSender } from '../../accounts/sender.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import { answerObject } from './field-schemas.ts';
import { type Operation, operation } from './operation.ts';
import { pageQuery, pageSchema } from './page.ts';
import { readsJudged } from './reads-judged.ts';
import { mustOwnSettings } from './settings.ts';
import { MOST_SENDERS, senderSchema, settingsFaults } from './settings-wire.ts';

type Deps = Pick<AppDeps, 'store' | 'changeAccount' | 'callbackAllow'>;

const newSender = Type.Object({ sender: senderSchema }, { additionalProperties: false, must: 'be an object' });
const shownSender = answerObject('Sender', {
  sender: Type.String({ description: 'As messages show it.', examples: ['Acme'] }),
});

/** The senders that requests may name. Few enough for one page, so `limit` and `cursor` are taken and change nothing. */
export function listSenders({ store }: Deps): Operation<Caller> {
  return operation({
    id: 'listSenders',
    summary: 'List senders',
    tag: 'Senders',
    query: pageQuery,
    answers: { 200: { description: 'All of them, on one page.', body: pageSchema(shownSender) } },
    async handle({ who }) {
      const senders = (await store.accounts.get(who.account.id))?.settings.senders ?? [];
      return { status: 200, body: { data: senders.map((sender) => ({ sender })), next_cursor: null } };
    },
  });
}

export function addSender({ changeAccount, callbackAllow }: Deps): Operation<Caller> {
  return operation({
    id: 'addSender',
    summary: 'Add a sender',
    description: `An account has at most ${MOST_SENDERS}. Once it is live, this needs a live key.`,
    tag: 'Senders',
    body: readsJudged(newSender, (sound) => settingsFaults(sound, callbackAllow)),
    allow: mustOwnSettings,
    answers: { 201: { description: 'It was added.', body: shownSender } },
    problems: ['conflict', 'not_found'],
    async handle({ who, body: { sender } }) {
      await changeAccount(who.account.id, ({ settings }) => {
        const { senders } = settings;
        if (senders.includes(sender)) throw new PassbellError('conflict', { field: 'sender', reason: 'there_already' });
        if (senders.length >= MOST_SENDERS)
          throw new PassbellError('conflict', { field: 'sender', reason: 'too_many_senders' });
        return { settings: { ...settings, senders: [...senders, sender] } };
      });
      return { status: 201, body: { sender } };
    },
  });
}

export function removeSender({ changeAccount }: Deps): Operation<Caller> {
  return operation({
    id: 'removeSender',
    summary: 'Remove a sender',
    description: 'Not the one that messages are from which name none. Once the account is live, this needs a live key.',
    tag: 'Senders',
    params: { sender: senderSchema },
    allow: mustOwnSettings,
    answers: { 204: { description: 'It is gone.' } },
    problems: ['conflict'],
    async handle({ who, params }) {
      const gone = params['sender'] ?? '';
      await changeAccount(who.account.id, ({ settings }) => {
        const { sender, senders } = settings;
        if (!isSender(gone) || !senders.includes(gone)) throw new PassbellError('not_found', { what: 'sender' });
        // Messages that name no sender would go on under it.
        if (sender === gone)
          throw new PassbellError('conflict', { field: 'sender', reason: 'it_is_the_default_sender' });
        return { settings: { ...settings, senders: senders.filter((each) => each !== gone) } };
      });
      return { status: 204 };
    },
  });
}
