import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppDeps } from '../../app-deps.ts';
import { nativeActs } from './acts.ts';
import { audioPaths } from './audio-routes.ts';
import { handsetPaths } from './handset-routes.ts';
import { servedNatively } from './rig.ts';
import { nativePaths } from './routes.ts';

describe('what the native API writes down', () => {
  let served: Awaited<ReturnType<typeof servedNatively>>;
  beforeAll(async () => {
    served = await servedNatively();
  });
  afterAll(() => served.close());

  it('is said of every operation that changes something', () => {
    // Nothing is asked of what they stand on until they are called.
    const deps = new Proxy({}, { get: () => () => {} }) as AppDeps;
    const paths = { ...nativePaths(deps), ...audioPaths(deps), ...handsetPaths(deps) };
    const changing = Object.entries(paths).filter(([line]) => !line.startsWith('GET '));
    const unsaid = changing.filter(([, { id }]) => !(id in nativeActs)).map(([line, { id }]) => `${line} (${id})`);
    expect(unsaid).toEqual([]);
    const known = changing.map(([, { id }]) => id);
    expect(Object.keys(nativeActs).filter((id) => !known.includes(id))).toEqual([]);
  });

  it('names who did what to what, in which request, and no secret', async () => {
    const { account } = await served.rig.account();
    const key = account.keys.live;
    const made = await served.ask(key, 'POST /v1/keys', { name: 'shop' });
    const id = made.body.id.slice('key_'.length);
    await served.ask(key, `DELETE /v1/keys/${made.body.id}`);
    await served.ask(key, 'PATCH /v1/settings', { ttl_seconds: 600, sender: null });
    await served.ask(key, 'POST /v1/senders', { sender: 'Acme' });
    await served.ask(key, 'PATCH /v1/settings', { ttl_seconds: 'x' });
    await served.ask(key, 'GET /v1/keys');

    const keys = await served.rig.store.keys.list(account.id);
    const asking = keys.find(({ name }) => name === 'First live key');
    const rows = await served.rig.store.audit.list({ accountId: account.id }, 10, null);
    expect(rows.map(({ action, objectType, objectId, detail }) => [action, objectType, objectId, detail])).toEqual([
      ['sender.add', 'account', account.id, {}],
      ['settings.change', 'account', account.id, { fields: 'ttl_seconds,sender' }],
      ['key.revoke', 'key', id, { revoked_at: expect.any(String) }],
      ['key.create', 'key', id, { mode: 'live', kind: 'api_key' }],
    ]);
    for (const row of rows) expect(row).toMatchObject({ actor: `key:${asking?.id}`, requestId: expect.any(String) });
    expect(JSON.stringify(rows)).not.toContain(made.body.key);
  });

  it('is written once, however often the same request is replayed', async () => {
    const { account } = await served.rig.account();
    const ask = () => served.ask(account.keys.live, 'POST /v1/keys', { name: 'k' }, { 'idempotency-key': 'once' });
    expect([(await ask()).status, (await ask()).headers['idempotent-replayed']]).toEqual([201, 'true']);
    expect(await served.rig.store.audit.list({ accountId: account.id }, 10, null)).toHaveLength(1);
  });

  it('is written before the answer: what cannot be written down is not said to be done', async () => {
    const broken = await servedNatively(() => ({
      audit: async () => {
        throw new Error('the disk is full');
      },
    }));
    const { account } = await broken.rig.account();
    const ask = () => broken.ask(account.keys.live, 'POST /v1/keys', { name: 'k' }, { 'idempotency-key': 'k1' });
    expect((await ask()).status).toBe(500);
    expect((await ask()).body.code).toBe('idempotency_in_flight');
    await broken.close();
  });
});
