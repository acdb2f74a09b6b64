import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROTATION_MS } from '../../callbacks/signing-desk.ts';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

const opened = async () => (await served.rig.account()).account;
const time = (ms: number) => new Date(ms).toISOString();

it('shows the secret in force, made when it is first asked for', async () => {
  const { keys } = await opened();
  const shown = await served.ask(keys.test, 'GET /v1/callbacks/secrets');
  expect(shown).toMatchObject({ status: 200 });
  expect(shown.body).toEqual({
    data: [{ secret: expect.stringMatching(/^whsec_/), created_at: time(served.rig.clock.now()), expires_at: null }],
  });
  expect((await served.ask(keys.live, 'GET /v1/callbacks/secrets')).body).toEqual(shown.body);
});

it('draws a new one, beside which the old one signs for a day', async () => {
  const { keys } = await opened();
  const [old] = (await served.ask(keys.live, 'GET /v1/callbacks/secrets')).body.data;
  const rotated = await served.ask(keys.live, 'POST /v1/callbacks/secrets');
  expect(rotated.status).toBe(200);
  expect(rotated.body.data).toEqual([
    { secret: expect.stringMatching(/^whsec_/), created_at: time(served.rig.clock.now()), expires_at: null },
    { ...old, expires_at: time(served.rig.clock.now() + ROTATION_MS) },
  ]);
  expect(rotated.body.data[0].secret).not.toBe(old.secret);
  expect((await served.ask(keys.live, 'GET /v1/callbacks/secrets')).body).toEqual(rotated.body);
});

it('rotates once for each Idempotency-Key', async () => {
  const { keys } = await opened();
  const rotate = () => served.ask(keys.live, 'POST /v1/callbacks/secrets', undefined, { 'idempotency-key': 'k' });
  const first = await rotate();
  expect(await rotate()).toMatchObject({ body: first.body, headers: { 'idempotent-replayed': 'true' } });
  expect((await served.ask(keys.live, 'GET /v1/callbacks/secrets')).body).toEqual(first.body);
});

it('shows nobody another account’s', async () => {
  const [mine, theirs] = [await opened(), await opened()];
  const secretOf = async (key: string) => (await served.ask(key, 'GET /v1/callbacks/secrets')).body.data[0].secret;
  const before = await secretOf(theirs.keys.live);
  await served.ask(mine.keys.live, 'POST /v1/callbacks/secrets');
  expect(await secretOf(theirs.keys.live)).toBe(before);
  expect(await secretOf(mine.keys.live)).not.toBe(before);
});

it('is not for a test key to rotate once the account is live', async () => {
  const { keys, id } = await opened();
  await served.rig.store.accounts.patch(id, { mode: 'live' });
  await served.rig.poll();
  const { data } = (await served.ask(keys.live, 'GET /v1/callbacks/secrets')).body;
  expect(await served.ask(keys.test, 'POST /v1/callbacks/secrets')).toMatchObject({
    status: 403,
    body: { code: 'forbidden', detail: 'This needs a live key.' },
  });
  expect((await served.ask(keys.live, 'GET /v1/callbacks/secrets')).body.data).toEqual(data);
});

it('is not for a test key to have again, by its Idempotency-Key, once the account is live', async () => {
  const { keys, id } = await opened();
  const rotate = () => served.ask(keys.test, 'POST /v1/callbacks/secrets', undefined, { 'idempotency-key': 'mine' });
  const { data } = (await rotate()).body;
  await served.rig.store.accounts.patch(id, { mode: 'live' });
  await served.rig.poll();
  const again = await rotate();
  expect(again).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(again.text).not.toContain(data[0].secret);
});
