import { describe, expect, it } from 'vitest';
import { openRig } from '../accounts/rig.ts';
import { silentLog } from '../observe/log.ts';
import { NOTHING_ALLOWED } from './allow-list.ts';
import { parseCallbackUrl } from './callback-url.ts';
import { receiverSwitch } from './switch-off.ts';

function urlOf(text: string) {
  const read = parseCallbackUrl(text, NOTHING_ALLOWED);
  if ('fault' in read) throw new Error(read.fault);
  return read.url;
}

describe('a receiver that is gone', () => {
  it('is taken from its account, however it was spelt, and that is written down; another one stays', async () => {
    const rig = await openRig();
    const { account } = await rig.account();
    const warned: string[] = [];
    const log = { ...silentLog, warn: (event: string) => void warned.push(event) };
    let changed: Promise<unknown> = Promise.resolve();
    const changeAccount: typeof rig.changeAccount = (id, change) => {
      const done = rig.changeAccount(id, change);
      changed = done;
      return done;
    };
    const endpointsGone: unknown[] = [];
    const endpoints = { gone: async (...asked: unknown[]) => void endpointsGone.push(asked) };
    const written: unknown[] = [];
    const audit = async (act: unknown) => void written.push(act);
    const off = receiverSwitch({ changeAccount, endpoints, allow: NOTHING_ALLOWED, audit, log });
    const receiver = async () => (await rig.store.accounts.get(account.id))?.settings.callbackUrl;
    await rig.changeAccount(account.id, ({ settings }) => ({
      settings: { ...settings, callbackUrl: 'https://Example.com:443/hook' },
    }));

    off(account.id, 'own', urlOf('https://example.com/other'));
    await changed;
    expect(await receiver()).toBe('https://Example.com:443/hook');
    // The first one's promise is given back a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    off(account.id, 'own', urlOf('https://example.com/hook'));
    off(account.id, 'own', urlOf('https://example.com/hook'));
    await changed;
    expect(await receiver()).toBeNull();
    expect(warned).toEqual(['callback_receiver_gone']);
    expect(endpointsGone).toEqual([]);
    expect(written).toEqual([
      {
        ...{ actor: 'system', requestId: null, action: 'settings.change', objectType: 'account' },
        ...{ objectId: account.id, accountId: account.id, detail: { fields: 'callback_url', reason: 'gone' } },
      },
    ]);
    await rig.close();
  });

  it('is an endpoint alone, and each once for all that is in flight to it', async () => {
    const asked: string[] = [];
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    const off = receiverSwitch({
      changeAccount: () => expect.fail('the account keeps its own'),
      endpoints: {
        async gone(accountId, id, { href }) {
          asked.push(`${accountId} ${id} ${href}`);
          await answered;
        },
      },
      allow: NOTHING_ALLOWED,
      audit: () => expect.fail('that is for the endpoint’s desk'),
      log: silentLog,
    });
    for (const id of ['e1', 'e1', 'e2', 'e1']) off('a', id, urlOf('https://example.com/hook'));
    resolve();
    expect(asked).toEqual(['a e1 https://example.com/hook', 'a e2 https://example.com/hook']);
  });
});
