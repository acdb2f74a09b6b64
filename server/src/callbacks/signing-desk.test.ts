import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRig, type Rig } from '../accounts/rig.ts';
import { callbackSigner } from './sign.ts';
import { ROTATION_MS, type SigningDesk, signingDesk } from './signing-desk.ts';

let rig: Rig;
let desk: SigningDesk;
beforeAll(async () => {
  rig = await openRig();
  desk = signingDesk({ ...rig, store: rig.store.signingSecrets });
});
afterAll(() => rig.close());

const opened = async () => (await rig.account()).account.id;
const texts = async (id: string) => (await desk.secrets(id, null)).map(({ secret }) => secret.reveal());

it('makes the first secret when it is first asked for, and keeps it', async () => {
  const id = await opened();
  const [first, ...others] = await desk.secrets(id, null);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ createdAt: rig.clock.now(), expiresAt: null });
  expect(first?.secret.reveal()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(await texts(id)).toEqual([first?.secret.reveal()]);
  expect(await texts(await opened())).not.toEqual([first?.secret.reveal()]);
});

it('makes one alone when many ask at the same time, from several nodes', async () => {
  const id = await opened();
  const peer = signingDesk({ ...rig, store: (await rig.secondStore()).signingSecrets });
  const asked = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? peer : desk).secrets(id, null)));
  const secrets = new Set(asked.flatMap((answer) => answer.map(({ secret }) => secret.reveal())));
  expect(secrets.size).toBe(1);
});

it('lets the old one sign beside the new one for a day', async () => {
  const id = await opened();
  const [old] = await texts(id);
  rig.clock.advance(1);
  const rotated = await desk.rotate(id, null);
  const [fresh] = rotated.map(({ secret }) => secret.reveal());
  expect(rotated.map(({ secret, expiresAt }) => [secret.reveal(), expiresAt])).toEqual([
    [fresh, null],
    [old, rig.clock.now() + ROTATION_MS],
  ]);
  const headers = callbackSigner()(
    'cb_1',
    Date.now(),
    '{}',
    rotated.map(({ secret }) => secret),
  );
  for (const text of [old, fresh]) expect(new Webhook(text ?? '').verify('{}', { ...headers })).toEqual({});
  rig.clock.advance(ROTATION_MS - 1);
  expect(await texts(id)).toEqual([fresh, old]);
  rig.clock.advance(1);
  expect(await texts(id)).toEqual([fresh]);
});

it('has a rotation seen by whoever remembers secrets, before it answers', async () => {
  const id = await opened();
  const seen: number[] = [];
  const watched: SigningDesk = signingDesk({
    ...{ ...rig, store: rig.store.signingSecrets },
    seen: async () => void seen.push((await watched.secrets(id, null)).length),
  });
  await watched.secrets(id, null);
  await watched.rotate(id, null);
  expect(seen).toEqual([2]);
});

it('rotates more than once a day, and where there was none', async () => {
  const id = await opened();
  for (let i = 0; i < 3; i += 1) {
    await desk.rotate(id, null);
    rig.clock.advance(1);
  }
  expect(new Set(await texts(id)).size).toBe(3);
  rig.clock.advance(ROTATION_MS);
  expect(await texts(id)).toHaveLength(1);
});

it('gives an endpoint secrets of its own, and rotates one owner’s alone', async () => {
  const id = await opened();
  const [endpoint, other] = [rig.ids(), rig.ids()];
  for (const owner of [endpoint, other]) await rig.store.signingSecrets.addFirst(desk.first(id, owner).row);
  const [ours] = await texts(id);
  const of = async (owner: string | null) =>
    ((await desk.all(id)).get(owner) ?? []).map(({ secret }) => secret.reveal());
  const [old] = await of(endpoint);
  const before = await of(other);
  rig.clock.advance(1);
  await desk.rotate(id, endpoint);
  // Compared, not matched: base64 is no pattern, `++` in one is no regular expression at all.
  const rotated = await of(endpoint);
  expect(rotated).toEqual([expect.any(String), old]);
  expect(rotated[0]).not.toBe(old);
  expect([await of(other), await of(null)]).toEqual([before, [ours]]);
  expect(new Set([ours, old, ...before]).size).toBe(3);
  await expect(desk.secrets(id, rig.ids())).rejects.toMatchObject({ code: 'not_found' });
});

it('is rotated ten times a day at the most', async () => {
  const id = await opened();
  for (let i = 0; i < 10; i += 1) {
    await desk.rotate(id, null);
    rig.clock.advance(1);
  }
  await expect(desk.rotate(id, null)).rejects.toMatchObject({
    code: 'conflict',
    detail: { field: 'secret', reason: 'changed_too_often_in_a_day' },
  });
  rig.clock.advance(ROTATION_MS);
  expect(await desk.rotate(id, null)).toHaveLength(2);
});

it('stores nothing that could sign', async () => {
  const id = await opened();
  const [secret = ''] = await texts(id);
  const [row] = await rig.store.signingSecrets.list(id, rig.clock.now());
  expect(JSON.stringify(row)).not.toContain(secret.slice('whsec_'.length));
});

it('signs with nothing else when its key is gone', async () => {
  const id = await opened();
  await desk.secrets(id, null);
  const blind = signingDesk({ ...rig, store: rig.store.signingSecrets, vault: { ...rig.vault, open: () => null } });
  await expect(blind.secrets(id, null)).rejects.toMatchObject({ code: 'internal' });
  expect(await texts(id)).toHaveLength(1);
});
