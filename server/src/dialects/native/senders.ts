import { Type } from '@sinclair/typebox';
import type { Caller } from '../../accounts/caller.ts';
import { isSender } from '../../accounts/sender.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import type { Handler } from './endpoint.ts';
import { pageQuery } from './page.ts';
import { reads, refuseFaults } from './reads.ts';
import { mustOwnSettings } from './settings.ts';
import { MOST_SENDERS, senderSchema, settingsFaults } from './settings-wire.ts';

type Deps = Pick<AppDeps, 'store' | 'changeAccount' | 'callbackAllow'>;

const readSender = reads(Type.Object({ sender: senderSchema }, { additionalProperties: false, must: 'be an object' }));

/** The senders that requests may name. Few enough for one page, so `limit` and `cursor` are taken and change nothing. */
export function listSenders({ store }: Deps): Handler<Caller> {
  return async ({ who, query }) => {
    pageQuery(query);
    const senders = (await store.accounts.get(who.account.id))?.settings.senders ?? [];
    return { status: 200, body: { data: senders.map((sender) => ({ sender })), next_cursor: null } };
  };
}

export function addSender({ changeAccount, callbackAllow }: Deps): Handler<Caller> {
  return async ({ who, body }) => {
    const { sender } = readSender(body);
    refuseFaults(settingsFaults({ sender }, callbackAllow));
    mustOwnSettings(who);
    await changeAccount(who.account.id, ({ settings }) => {
      const { senders } = settings;
      if (senders.includes(sender)) throw new PassbellError('conflict', { field: 'sender', reason: 'there_already' });
      if (senders.length >= MOST_SENDERS)
        throw new PassbellError('conflict', { field: 'sender', reason: 'too_many_senders' });
      return { settings: { ...settings, senders: [...senders, sender] } };
    });
    return { status: 201, body: { sender } };
  };
}

export function removeSender({ changeAccount }: Deps): Handler<Caller> {
  return async ({ who, params }) => {
    const gone = params['sender'] ?? '';
    mustOwnSettings(who);
    await changeAccount(who.account.id, ({ settings }) => {
      const { sender, senders } = settings;
      if (!isSender(gone) || !senders.includes(gone)) throw new PassbellError('not_found', { what: 'sender' });
      // Messages that name no sender would go on under it.
      if (sender === gone) throw new PassbellError('conflict', { field: 'sender', reason: 'it_is_the_default_sender' });
      return { settings: { ...settings, senders: senders.filter((each) => each !== gone) } };
    });
    return { status: 204 };
  };
}
