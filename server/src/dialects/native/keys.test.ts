import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseKey } from '../../accounts/key.ts';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

const keysOf = async () => (await served.rig.account()).account.keys;

describe('POST /v1/keys', () => {
  it('shows a new key once, of the caller’s mode', async () => {
    const { test, live } = await keysOf();
    const made = await served.ask(test, 'POST /v1/keys', { name: 'CI' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      ...{ id: expect.stringMatching(/^key_[0-9a-f-]{36}$/), kind: 'api_key', mode: 'test', name: 'CI' },
      ...{ hint: `pb_test_…${made.body.key.slice(-4)}`, created_at: '2026-01-31T10:00:00.000Z' },
      ...{ last_used_at: null, revoked_at: null, key: expect.any(String) },
    });
    expect(parseKey(made.body.key)).toEqual({ kind: 'api_key', mode: 'test' });
    await served.rig.poll();
    expect((await served.ask(made.body.key, 'GET /v1/balance')).status).toBe(200);
    const list = await served.ask(live, 'GET /v1/keys');
    expect(list.text).not.toContain(made.body.key);
    expect(list.body.data).toHaveLength(5);
    expect((await served.ask(live, 'POST /v1/keys', { name: 'prod' })).body.mode).toBe('live');
  });

  it('makes product tokens, and test keys for live ones; never a live one for a test key', async () => {
    const { test, live } = await keysOf();
    const token = await served.ask(live, 'POST /v1/keys', { name: 'CM', kind: 'product_token', mode: 'test' });
    expect(token.body).toMatchObject({ kind: 'product_token', mode: 'test' });
    expect(parseKey(token.body.key)).toEqual({ kind: 'product_token' });
    const refused = await served.ask(test, 'POST /v1/keys', { name: 'x', mode: 'live' });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it.each(['', 'x'.repeat(101), 'a\nb', 1, null])('refuses the name %j', async (name) => {
    const { test } = await keysOf();
    const answer = await served.ask(test, 'POST /v1/keys', { name });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'name' }] } });
  });

  it('stops at a hundred working keys, however many are asked for at once', async () => {
    const { test } = await keysOf();
    const make = async () => (await served.ask(test, 'POST /v1/keys', { name: 'k' })).status;
    const statuses = await Promise.all(Array.from({ length: 110 }, make));
    expect(statuses.filter((status) => status === 201)).toHaveLength(96);
    expect(statuses.filter((status) => status === 409)).toHaveLength(14);
  });
});

describe('DELETE /v1/keys/{id}', () => {
  const idOf = async (key: string, mode: string) => {
    const { body } = await served.ask(key, 'GET /v1/keys');
    return body.data.find((row: { kind: string; mode: string }) => row.kind === 'api_key' && row.mode === mode).id;
  };

  it('ends a key at once', async () => {
    const { test, live } = await keysOf();
    const answer = await served.ask(live, `DELETE /v1/keys/${await idOf(live, 'test')}`);
    expect(answer.body.revoked_at).toBe(new Date(served.rig.clock.now()).toISOString());
    await served.rig.poll();
    expect(await served.ask(test, 'GET /v1/balance')).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  it('ends a key later when asked to, or sooner after all', async () => {
    const { test, live } = await keysOf();
    const id = await idOf(live, 'test');
    const later = await served.ask(live, `DELETE /v1/keys/${id}?after=3600`);
    expect(Date.parse(later.body.revoked_at)).toBe(served.rig.clock.now() + 3_600_000);
    await served.rig.poll();
    expect((await served.ask(test, 'GET /v1/balance')).status).toBe(200);
    const nearer = await served.ask(live, `DELETE /v1/keys/${id}?after=60`);
    const again = await served.ask(live, `DELETE /v1/keys/${id}?after=7200`);
    expect(again.body.revoked_at).toBe(nearer.body.revoked_at);
    served.rig.clock.advance(60_000);
    expect((await served.ask(test, 'GET /v1/balance')).status).toBe(401);
  });

  it('finds no foreign key, nor any that does not exist', async () => {
    const mine = await keysOf();
    const theirs = await keysOf();
    const foreign = await idOf(theirs.live, 'live');
    const answers = [foreign, 'key_', 'x', foreign.slice(4), 'key_00000000-0000-7000-8000-000000000000', '..%2f..'];
    for (const id of answers) {
      const answer = await served.ask(mine.live, `DELETE /v1/keys/${id}`);
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', detail: 'There is no such key.' } });
    }
    await served.rig.poll();
    expect((await served.ask(theirs.live, 'GET /v1/balance')).status).toBe(200);
  });

  it('lets a test key end another, and no live one: to it there is none', async () => {
    const { test, live } = await keysOf();
    const answer = await served.ask(test, `DELETE /v1/keys/${await idOf(live, 'live')}`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', detail: 'There is no such key.' } });
    await served.rig.poll();
    expect((await served.ask(live, 'GET /v1/balance')).status).toBe(200);
    const made = await served.ask(test, 'POST /v1/keys', { name: 'CI' });
    expect((await served.ask(test, `DELETE /v1/keys/${made.body.id}`)).status).toBe(200);
  });

  it.each(['-1', '2592001', '99999999', '1.5', 'soon'])('refuses ?after=%s', async (after) => {
    const { live } = await keysOf();
    const answer = await served.ask(live, `DELETE /v1/keys/${await idOf(live, 'test')}?after=${after}`);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'after' }] } });
  });
});

describe('GET /v1/keys', () => {
  it('shows a test key no live ones', async () => {
    const { test, live } = await keysOf();
    await served.ask(live, 'POST /v1/keys', { name: 'for production', mode: 'live' });
    const seen = await served.ask(test, 'GET /v1/keys');
    const first = ['First test product token', 'First test key'];
    expect(seen.body.data.map(({ name }: { name: string }) => name)).toEqual(first);
    expect(seen.text).not.toContain('live');
  });

  it('pages newest first', async () => {
    const { live } = await keysOf();
    for (const name of ['a', 'b', 'c']) await served.ask(live, 'POST /v1/keys', { name });
    const first = await served.ask(live, 'GET /v1/keys?limit=2');
    expect(first.body.data.map(({ name }: { name: string }) => name)).toEqual(['c', 'b']);
    const second = await served.ask(live, `GET /v1/keys?limit=100&cursor=${first.body.next_cursor}`);
    expect(second.body.data).toHaveLength(5);
    expect(second.body.data[0].name).toBe('a');
    expect(second.body.next_cursor).toBeNull();
  });
});
