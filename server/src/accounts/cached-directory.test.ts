import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { revisionWatch } from '../store/revision-watch.ts';
import type { Store } from '../store/store.ts';
import { cachedDirectory } from './cached-directory.ts';
import { drawKey, keyDigest, keyRow } from './key.ts';
import { openRig, type Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const refused = (code: string, detail: object) => expect.objectContaining({ code, detail });

/** A directory over a store whose every read is counted, or fails. */
function counted() {
  const calls = { revision: 0, byDigest: 0, accounts: 0 };
  const fault: { now: boolean } = { now: false };
  const tell = <T>(name: keyof typeof calls, read: () => Promise<T>): Promise<T> => {
    calls[name]++;
    return fault.now ? Promise.reject(new PassbellError('unavailable', { reason: 'store' })) : read();
  };
  const { store, clock } = rig;
  const watched: Pick<Store, 'keys' | 'accounts' | 'revision'> = {
    revision: () => tell('revision', () => store.revision()),
    keys: { ...store.keys, byDigest: (digest) => tell('byDigest', () => store.keys.byDigest(digest)) },
    accounts: { ...store.accounts, get: (id) => tell('accounts', () => store.accounts.get(id)) },
  };
  const revisions = revisionWatch(watched, clock);
  return { calls, fault, revisions, directory: cachedDirectory({ store: watched, revisions, clock }) };
}

describe('byApiKey', () => {
  it('knows whose a key is, and its mode', async () => {
    const { account } = await rig.account();
    const { productTokens, keys, id } = account;
    expect(await rig.directory.byApiKey(keys.test)).toMatchObject({
      account: { id },
      mode: 'test',
      via: { kind: 'key' },
    });
    expect(await rig.directory.byApiKey(keys.live)).toMatchObject({ account: { id }, mode: 'live' });
    expect(await rig.directory.byApiKey(productTokens.live)).toMatchObject({ account: { id }, mode: 'live' });
  });

  it('asks the store once for a key in use', async () => {
    const { account } = await rig.account();
    const { calls, directory } = counted();
    const callers = await Promise.all(Array.from({ length: 50 }, () => directory.byApiKey(account.keys.test)));
    for (const caller of callers) expect(caller).toBe(callers[0]);
    await directory.byApiKey(account.keys.test);
    expect(calls).toEqual({ revision: 1, byDigest: 1, accounts: 1 });
  });

  it('asks the store once for a key that nobody has, and never for a mistyped one', async () => {
    const { calls, directory } = counted();
    const wrong = drawKey('live', rig.random).reveal();
    for (let i = 0; i < 3; i++) {
      await expect(directory.byApiKey(wrong)).rejects.toEqual(refused('unauthorized', { reason: 'unknown' }));
    }
    const mistyped = wrong.slice(0, -1) + (wrong.endsWith('a') ? 'b' : 'a');
    await expect(directory.byApiKey(mistyped)).rejects.toEqual(refused('unauthorized', { reason: 'malformed' }));
    await expect(directory.byApiKey('')).rejects.toEqual(refused('unauthorized', { reason: 'missing' }));
    expect(calls).toEqual({ revision: 1, byDigest: 1, accounts: 0 });
  });

  it('does not let wrong keys drive working ones out of memory', async () => {
    const { account } = await rig.account();
    const { calls, directory } = counted();
    await directory.byApiKey(account.keys.test);
    const wrong = Array.from({ length: 200 }, () => drawKey('live', rig.random).reveal());
    await Promise.allSettled(wrong.map((key) => directory.byApiKey(key)));
    await directory.byApiKey(account.keys.test);
    expect(calls.byDigest).toBe(201);
    expect(calls.accounts).toBe(1);
  });

  it('finds a key that was made after it was first tried', async () => {
    const { account } = await rig.account();
    const key = drawKey('test', rig.random);
    await expect(rig.directory.byApiKey(key.reveal())).rejects.toThrow('unauthorized');
    const about = { id: rig.ids(), accountId: account.id, kind: 'api_key', mode: 'test', name: 'new' } as const;
    await rig.store.keys.create(keyRow(key, { ...about, createdAt: rig.clock.now() }));
    await rig.poll();
    expect(await rig.directory.byApiKey(key.reveal())).toMatchObject({ mode: 'test' });
  });
});

describe('a change by another process is seen within one poll', () => {
  it('when a key is revoked', async () => {
    const { account } = await rig.account();
    const { via } = await rig.directory.byApiKey(account.keys.live);
    const other = await rig.secondStore();
    await other.keys.revoke(account.id, via.kind === 'key' ? via.keyId : '', rig.clock.now());
    expect(await rig.directory.byApiKey(account.keys.live), 'still from memory').toBeDefined();
    await rig.poll();
    await expect(rig.directory.byApiKey(account.keys.live)).rejects.toEqual(
      refused('unauthorized', { reason: 'revoked' }),
    );
    expect(await rig.directory.byApiKey(account.keys.test)).toBeDefined();
  });

  it('when an account is disabled, and enabled again', async () => {
    const { account } = await rig.account();
    await rig.directory.byApiKey(account.keys.test);
    const other = await rig.secondStore();
    await other.accounts.patch(account.id, { disabledAt: rig.clock.now() });
    await rig.poll();
    await expect(rig.directory.byApiKey(account.keys.test)).rejects.toEqual(
      refused('forbidden', { reason: 'account_disabled' }),
    );
    await other.accounts.patch(account.id, { disabledAt: null });
    await rig.poll();
    expect(await rig.directory.byApiKey(account.keys.test)).toBeDefined();
  });

  it('when settings change', async () => {
    const { account } = await rig.account();
    const before = await rig.directory.byApiKey(account.keys.test);
    const other = await rig.secondStore();
    await other.accounts.patch(account.id, { settings: { ...before.account.settings, ttlSeconds: 60 } });
    await rig.poll();
    expect((await rig.directory.byApiKey(account.keys.test)).account.settings.ttlSeconds).toBe(60);
  });

  it('even when the key was being read as it changed', async () => {
    const { account } = await rig.account();
    const { store, clock } = rig;
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = {
      accounts: store.accounts,
      keys: {
        ...store.keys,
        async byDigest(digest: string) {
          const key = await store.keys.byDigest(digest);
          await held;
          return key;
        },
      },
    };
    const revisions = revisionWatch(store, clock);
    const directory = cachedDirectory({ store: slow, revisions, clock });
    await revisions.look();
    const early = directory.byApiKey(account.keys.live);
    const [row] = (await store.keys.list(account.id)).filter(({ digest }) => digest === keyDigest(account.keys.live));
    await store.keys.revoke(account.id, row?.id ?? '', clock.now());
    await revisions.look();
    const late = directory.byApiKey(account.keys.live);
    release();
    // The first asked before the change; what it read is not kept for those who ask after.
    await expect(early).resolves.toBeDefined();
    await expect(late).rejects.toEqual(refused('unauthorized', { reason: 'revoked' }));
  });
});

describe('an overlapping rotation', () => {
  it('ends the old key at its time, without a look at the store', async () => {
    const { account } = await rig.account();
    const [row] = (await rig.store.keys.list(account.id)).filter(
      ({ digest }) => digest === keyDigest(account.keys.live),
    );
    await rig.store.keys.revoke(account.id, row?.id ?? '', rig.clock.now() + 500);
    await rig.poll();
    expect(await rig.directory.byApiKey(account.keys.live)).toBeDefined();
    rig.clock.advance(200);
    await expect(rig.directory.byApiKey(account.keys.live)).rejects.toEqual(
      refused('unauthorized', { reason: 'revoked' }),
    );
  });
});

describe('when the store does not answer', () => {
  it('memory serves for a second and no longer, then nobody is let in', async () => {
    const { account } = await rig.account();
    const { fault, calls, directory } = counted();
    await directory.byApiKey(account.keys.test);
    fault.now = true;
    rig.clock.advance(999);
    expect(await directory.byApiKey(account.keys.test)).toBeDefined();
    rig.clock.advance(1);
    await expect(directory.byApiKey(account.keys.test)).rejects.toEqual(refused('unavailable', { reason: 'store' }));
    const before = calls.revision;
    const storm = await Promise.allSettled(Array.from({ length: 50 }, () => directory.byApiKey(account.keys.test)));
    expect(storm.every(({ status }) => status === 'rejected')).toBe(true);
    expect(calls.revision - before, 'looks for fifty requests').toBe(1);
    fault.now = false;
    expect(await directory.byApiKey(account.keys.test)).toBeDefined();
  });

  it('an unread key is not let in, and its failure is not remembered', async () => {
    const { account } = await rig.account();
    const { fault, revisions, directory } = counted();
    await revisions.look();
    fault.now = true;
    await expect(directory.byApiKey(account.keys.test)).rejects.toEqual(refused('unavailable', { reason: 'store' }));
    fault.now = false;
    expect(await directory.byApiKey(account.keys.test)).toBeDefined();
  });
});

describe('byProductToken', () => {
  const unknown = refused('unauthorized', { reason: 'unknown' });
  const malformed = refused('unauthorized', { reason: 'malformed' });

  it('knows whose a token is and its mode, in either case', async () => {
    const { account } = await rig.account();
    const { id, productTokens } = account;
    expect(await rig.directory.byProductToken(productTokens.test)).toMatchObject({ account: { id }, mode: 'test' });
    const shouted = await rig.directory.byProductToken(productTokens.live.toUpperCase());
    expect(shouted).toMatchObject({ account: { id }, mode: 'live', via: { kind: 'key' } });
  });

  it('takes product tokens alone', async () => {
    const { account } = await rig.account();
    const admin = await rig.adminToken();
    const { calls, directory } = counted();
    for (const key of [account.keys.test, account.keys.live, admin]) {
      // An API key's case does say something: in lower case most have a wrong checksum.
      await expect(directory.byProductToken(key)).rejects.toSatisfy(
        ({ code }: PassbellError) => code === 'unauthorized',
      );
    }
    for (const text of [
      'x',
      '{00000000-0000-4000-8000-000000000000}',
      `${account.productTokens.test},${account.productTokens.test}`,
    ]) {
      await expect(directory.byProductToken(text)).rejects.toEqual(malformed);
    }
    await expect(directory.byProductToken('')).rejects.toEqual(refused('unauthorized', { reason: 'missing' }));
    expect(calls.byDigest).toBe(0);
    await expect(directory.byProductToken('00000000-0000-4000-8000-000000000000')).rejects.toEqual(unknown);
    expect(calls.byDigest).toBe(1);
  });

  it('lets no revoked token in, nor a disabled account', async () => {
    const { account } = await rig.account();
    const { test, live } = account.productTokens;
    const { via } = await rig.directory.byProductToken(live);
    await rig.store.keys.revoke(account.id, via.kind === 'key' ? via.keyId : '', rig.clock.now());
    await rig.poll();
    await expect(rig.directory.byProductToken(live)).rejects.toEqual(refused('unauthorized', { reason: 'revoked' }));
    await rig.store.accounts.patch(account.id, { disabledAt: rig.clock.now() });
    await rig.poll();
    const disabled = refused('forbidden', { reason: 'account_disabled' });
    await expect(rig.directory.byProductToken(test)).rejects.toEqual(disabled);
  });
});

describe('byAdminToken', () => {
  it('takes admin tokens alone, and byApiKey takes none', async () => {
    const { account } = await rig.account();
    const token = await rig.adminToken();
    expect(await rig.directory.byAdminToken(token)).toMatchObject({ kind: 'admin_token', accountId: null });
    const unknown = refused('unauthorized', { reason: 'unknown' });
    await expect(rig.directory.byApiKey(token)).rejects.toEqual(unknown);
    for (const key of [...Object.values(account.keys), ...Object.values(account.productTokens)]) {
      await expect(rig.directory.byAdminToken(key)).rejects.toEqual(unknown);
    }
  });
});

describe('uses', () => {
  const lastUse = async (accountId: string, key: string) =>
    (await rig.store.keys.list(accountId)).find(({ digest }) => digest === keyDigest(key))?.lastUsedAt;

  it('are noted together, when the directory closes at the latest', async () => {
    const { account } = await rig.account();
    await rig.directory.byApiKey(account.keys.test);
    rig.clock.advance(100);
    await rig.directory.byApiKey(account.keys.test);
    const at = rig.clock.now();
    expect(await lastUse(account.id, account.keys.test)).toBeNull();
    await rig.directory.close();
    expect(await lastUse(account.id, account.keys.test)).toBe(at);
    expect(await lastUse(account.id, account.keys.live)).toBeNull();
  });
});
