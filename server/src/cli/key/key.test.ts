import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyDigest } from '../../accounts/key.ts';
import { scriptedShell } from '../scripted-shell.ts';
import { type ServedOnce, servedOnce } from '../served-once.ts';

let served: ServedOnce;
const { run, clock } = scriptedShell({ openStore: (options) => served.openStore(options) });
const passbell = (...argv: string[]) => run(...argv, '--data', served.data);
const json = async (...argv: string[]) => JSON.parse((await passbell(...argv, '--json')).out);
const stored = (key: string) => served.store.keys.byDigest(keyDigest(key));

beforeAll(async () => {
  served = await servedOnce(clock);
});
afterAll(() => served.close());

describe('key create', () => {
  it.each([
    [[], /^pb_test_/, 'api_key', 'test'],
    [['--mode', 'live', '--name', 'Shop'], /^pb_live_/, 'api_key', 'live'],
    [['--kind', 'product-token', '--mode', 'live'], /^[0-9a-f-]{36}$/, 'product_token', 'live'],
    [['--kind', 'admin-token'], /^pb_admin_/, 'admin_token', 'live'],
  ])('makes %j', async (argv, form, kind, mode) => {
    const before = await served.store.revision();
    const made = await json('key', 'create', ...argv);
    expect(made).toMatchObject({ key: expect.stringMatching(form), kind, mode, revoked_at: null });
    expect(await stored(made.key)).toMatchObject({ id: made.id, kind, mode, hint: made.hint });
    expect(await served.store.revision()).toBeGreaterThan(before);
  });

  it('shows the key to people on a line of its own', async () => {
    const { out } = await passbell('key', 'create');
    const [first, , key] = out.split('\n');
    expect(first).toBe('A test key for owner@example.com, shown this once:');
    expect(await stored(key ?? '')).not.toBeNull();
  });

  it('refuses what does not go together', async () => {
    for (const argv of [
      ['--kind', 'admin-token', '--mode', 'test'],
      ['--kind', 'admin-token', '--account', 'owner@example.com'],
      ['--name', ''],
    ]) {
      expect((await passbell('key', 'create', ...argv)).code).toBe(2);
    }
  });
});

describe('key list', () => {
  it('never shows a key', async () => {
    const { key, hint } = await json('key', 'create', '--name', 'hidden');
    for (const argv of [[], ['--json']]) {
      const { out } = await passbell('key', 'list', ...argv);
      expect(out).toContain(hint);
      expect(out).not.toContain(key);
    }
  });

  it('cannot be made to steer the terminal by a name', async () => {
    const key = await stored((await json('key', 'create')).key);
    if (key === null) throw new Error('the key was stored');
    await served.store.keys.create({ ...key, id: `${key.id.slice(0, -1)}x`, digest: 'x', name: 'a\u001b[2J\u202eb' });
    expect((await passbell('key', 'list')).out).toContain('a\\u{1B}[2J\\u{202E}b');
  });
});

describe('key revoke', () => {
  it('takes the id, the hint, the last four characters or the key itself', async () => {
    const before = await served.store.revision();
    for (const nameOf of [
      ({ id }: { id: string }) => id,
      ({ hint }: { hint: string }) => hint,
      ({ key }: { key: string }) => key.slice(-4),
      ({ key }: { key: string }) => key,
    ]) {
      const made = await json('key', 'create');
      expect(await json('key', 'revoke', nameOf(made))).toMatchObject({
        id: made.id,
        revoked_at: new Date(clock.now()).toISOString(),
      });
      expect(await stored(made.key)).toMatchObject({ revokedAt: clock.now() });
    }
    expect(await served.store.revision()).toBeGreaterThan(before + 4);
  });

  it('says when it is revoked already, or not there', async () => {
    const { id } = await json('key', 'create');
    await passbell('key', 'revoke', id);
    expect(await passbell('key', 'revoke', id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('revoked already'),
    });
    expect(await passbell('key', 'revoke', 'nope')).toMatchObject({
      code: 1,
      err: 'passbell: The account has no such key. `passbell key list` shows what there is.\n',
    });
  });

  it('never takes a mistyped key for the one that ends like it', async () => {
    const { key } = await json('key', 'create');
    expect((await passbell('key', 'revoke', `x${key.slice(1)}`)).code).toBe(1);
    expect(await stored(key)).toMatchObject({ revokedAt: null });
  });
});

describe('key rotate', () => {
  it('revokes the others of its kind and mode at once, or later', async () => {
    const [old, live] = [await json('key', 'create'), served.first.account.keys.live];
    const next = await json('key', 'rotate', '--overlap', '24h');
    expect(await stored(old.key)).toMatchObject({ revokedAt: clock.now() + 86_400_000 });
    expect(next.others_revoked_at).toBe(new Date(clock.now() + 86_400_000).toISOString());
    expect((await passbell('key', 'list')).out).toContain('until 2026-02-01T10:00:00Z');

    const { out } = await passbell('key', 'rotate');
    expect(out).toMatch(/The old ones no longer work\.\n$/);
    expect(await stored(next.key)).toMatchObject({ revokedAt: clock.now() });
    expect(await stored(live)).toMatchObject({ revokedAt: null });
  });

  it('exchanges the admin tokens', async () => {
    const next = await json('key', 'rotate', '--kind', 'admin-token');
    expect(await stored(served.first.adminToken)).toMatchObject({ revokedAt: clock.now() });
    expect(await stored(next.key)).toMatchObject({ revokedAt: null, accountId: null });
  });
});
