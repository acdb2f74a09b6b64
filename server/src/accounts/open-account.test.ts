import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isError } from '../errors.ts';
import { firstStart } from './first-start.ts';
import { type NewAccount, openAccount } from './open-account.ts';
import { openRig, type Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

describe('firstStart', () => {
  it('makes one account, however many nodes start at once, and none later', async () => {
    const second = await rig.secondStore();
    const started = await Promise.all(
      [rig.store, second, rig.store, second].map((store) => firstStart({ ...rig, store })),
    );
    const [first, ...others] = started.filter((each) => each !== null);
    expect(others).toEqual([]);
    expect(await rig.store.accounts.count()).toBe(1);
    expect(await firstStart(rig)).toBeNull();

    const { account, user, adminToken } = first ?? expect.unreachable();
    expect(await rig.store.accounts.byLogin('owner@example.com')).toMatchObject({
      ...{ id: account.id, name: 'Passbell', country: 'NP', timeZone: 'Asia/Kathmandu', mode: 'test' },
    });
    expect(await rig.store.credits.balances(account.id)).toMatchObject({
      ...{ sms: { granted: 10_000, held: 0, captured: 0 }, voice: { granted: 10_000, held: 0, captured: 0 } },
    });
    expect(await rig.directory.byApiKey(account.keys.live)).toMatchObject({ mode: 'live' });
    expect(await rig.directory.byAdminToken(adminToken)).toMatchObject({ kind: 'admin_token' });
    const signIn = await rig.sessions.signIn(user.email, user.password);
    expect(await rig.sessions.caller(signIn?.access ?? '')).toMatchObject({ role: 'operator' });
  });
});

describe('openAccount', () => {
  const wanted: NewAccount = {
    ...{ login: ' Someone@Example.com ', name: 'Acme', country: 'IN', timezone: 'Asia/Kolkata' },
    ...{ smsCredits: 5, voiceCredits: 0 },
  };

  it('makes account, user, keys and credits, and shows the secrets', async () => {
    const { account, user } = await openAccount(rig, wanted);
    expect(account.login).toBe('someone@example.com');
    expect(user.password).toMatch(/^([0-9a-z]{5}-){3}[0-9a-z]{5}$/);
    expect(await rig.sessions.signIn(user.email, user.password ?? '')).not.toBeNull();
    const rows = await rig.store.keys.list(account.id);
    expect(rows.map(({ kind, mode }) => `${kind} ${mode}`).sort()).toEqual([
      'api_key live',
      'api_key test',
      'product_token live',
      'product_token test',
    ]);
    const ledger = await rig.store.credits.list(account.id, 10, null);
    expect(ledger).toMatchObject([{ kind: 'grant', pool: 'sms', amount: 5 }]);
  });

  it('refuses a login that is taken, and leaves nothing of the second', async () => {
    await openAccount(rig, { ...wanted, login: 'taken@example.com' });
    const before = await rig.store.accounts.count();
    await expect(openAccount(rig, { ...wanted, login: 'Taken@example.com' })).rejects.toSatisfy((error) =>
      isError(error, 'conflict'),
    );
    expect(await rig.store.accounts.count()).toBe(before);
  });

  it('names every fault at once', async () => {
    const wrong: NewAccount = {
      ...{ login: 'nobody', name: '', country: 'XX', timezone: '+05:45' },
      ...{ smsCredits: -1, voiceCredits: 1.5, password: 'short' },
    };
    await expect(openAccount(rig, wrong)).rejects.toSatisfy(
      (error) =>
        isError(error, 'invalid_request') &&
        error.detail.faults.map(({ field }) => field).join() ===
          'login,name,country,timezone,sms_credits,voice_credits,password',
    );
  });

  it.each<Partial<NewAccount>>([
    { login: 'a@b' },
    { login: 'a b@example.com' },
    { login: 'a@example.com\r\nX: y' },
    { login: 'a\u0000@example.com' },
    { login: 'a\u001b[2J@example.com' },
    { login: 'a\ud800@example.com' },
    { login: `${'a'.repeat(250)}@example.com` },
    { name: 'a\u0000b' },
    { name: 'a\ud800b' },
    { name: 'x'.repeat(101) },
    { country: 'np' },
    { country: '001' },
    { timezone: 'Asia/Nowhere' },
    { timezone: '../../etc/localtime' },
    { smsCredits: 1e12 + 1 },
    { smsCredits: Number.NaN },
    { password: 'x'.repeat(1_025) },
  ])('refuses %j', async (over) => {
    await expect(openAccount(rig, { ...wanted, login: 'fine@example.com', ...over })).rejects.toThrow(
      'invalid_request',
    );
  });

  it('does not give back a password that was chosen', async () => {
    const { user } = await openAccount(rig, { ...wanted, login: 'chosen@example.com', password: 'correct horse' });
    expect(user.password).toBeNull();
  });
});
