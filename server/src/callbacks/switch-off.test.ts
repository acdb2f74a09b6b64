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
  it('is taken from its account, however it was spelt; another one stays', async () => {
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
    const off = receiverSwitch({ changeAccount, allow: NOTHING_ALLOWED, log });
    const receiver = async () => (await rig.store.accounts.get(account.id))?.settings.callbackUrl;
    await rig.changeAccount(account.id, ({ settings }) => ({
      settings: { ...settings, callbackUrl: 'https://Example.com:443/hook' },
    }));

    off(account.id, urlOf('https://example.com/other'));
    await changed;
    expect(await receiver()).toBe('https://Example.com:443/hook');
    // The first one's promise is given back a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    off(account.id, urlOf('https://example.com/hook'));
    off(account.id, urlOf('https://example.com/hook'));
    await changed;
    expect(await receiver()).toBeNull();
    expect(warned).toEqual(['callback_receiver_gone']);
    await rig.close();
  });
});
