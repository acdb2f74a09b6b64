import { calleeOf } from '../delivery/callee.ts';
import type { CallbackEvent } from '../rules/callback.ts';
import type { Store } from '../store/store.ts';
import type { MessageFacts } from '../store/tables/callbacks.ts';
import type { CallRow } from '../store/tables/calls.ts';
import type { Vault } from '../vault/vault.ts';
import type { CallbackContent, CallbackRow, Compose } from './callback.ts';
import type { Receivers } from './receivers.ts';

/** How the dialects word what a callback tells. `to` is E.164, null once it was erased. Never the code. */
export interface Wording {
  call(call: CallRow, to: string | null): string;
  message(event: CallbackEvent, facts: MessageFacts, to: string | null): string;
}

interface Deps {
  readonly store: Pick<Store, 'calls' | 'callbacks'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly receivers: Receivers;
  readonly wording: Wording;
}

/** Makes callbacks out of what the store knows when they leave. */
export function composer({ store, vault, receivers, wording }: Deps): Compose {
  async function tellOfCall(row: CallbackRow): Promise<CallbackContent | null> {
    const call = await store.calls.get(row.accountId, row.deliveryId);
    if (call === null) return null;
    const { accountId, id, callbackSealed } = call;
    const own = callbackSealed && vault.open({ account: accountId, row: id, column: 'callback' }, callbackSealed);
    return addressed(row, own, wording.call(call, calleeOf(call, vault)));
  }

  async function tellOfMessage(row: CallbackRow, facts: MessageFacts | undefined): Promise<CallbackContent | null> {
    return facts ? addressed(row, null, wording.message(row.event, facts, calleeOf(facts, vault))) : null;
  }

  async function addressed(row: CallbackRow, own: string | null, body: string): Promise<CallbackContent | null> {
    const receiver = await receivers(row.accountId);
    if (receiver === null) return null;
    const { secrets } = receiver;
    const url = own ?? receiver.url;
    // The account took its receiver back before the callback left.
    return url === null ? { url: '', body, secrets, disabled: true } : { url, body, secrets, disabled: false };
  }

  return async (rows) => {
    const messages = rows.filter((row) => row.event !== 'call.finished');
    const facts = new Map(
      (await store.callbacks.messages(messages)).map((one) => [`${one.accountId} ${one.deliveryId}`, one]),
    );
    return Promise.all(
      rows.map((row) =>
        row.event === 'call.finished'
          ? tellOfCall(row)
          : tellOfMessage(row, facts.get(`${row.accountId} ${row.deliveryId}`)),
      ),
    );
  };
}
