import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODE, PLAIN, servedVerifications } from './rig.ts';

type Served = Awaited<ReturnType<typeof servedVerifications>>;
type Caller = Awaited<ReturnType<Served['caller']>>;
let served: Served;
beforeAll(async () => {
  served = await servedVerifications();
});
afterAll(() => served.close());

const KEY = { 'idempotency-key': 'signup-4711' };

/** One of `caller`'s, 30 seconds old; its path. */
async function started({ post }: Caller): Promise<string> {
  const { id } = (await post('', { ...PLAIN, workflow: [{ channel: 'sms' }, { channel: 'voice', wait: 60 }] })).body;
  served.rig.clock.advance(30_000);
  return `/${id}`;
}

/** The code is past the time for which it is kept, and nothing is on its way with it. */
async function codeIsErased({ account }: Caller, path: string) {
  const { store, clock, fail, whole } = served.rig;
  for (const { id } of (await whole(account, path.slice('/ver_'.length))).deliveries) await fail(account.id, id);
  clock.advance(300_000);
  await store.otps.eraseContent(clock.now(), 1000);
}

describe('a send that was done under its key', () => {
  it.each<[string, body: object, change: (caller: Caller) => Promise<unknown>]>([
    [
      'its template is gone',
      { ...PLAIN, template: 'mine' },
      ({ account }) => served.rig.store.templates.remove(account.id, 'mine'),
    ],
    [
      'its sender was removed',
      { ...PLAIN, sender: 'Acme' },
      ({ keys }) => served.ask(keys.test, 'DELETE /v1/senders/Acme'),
    ],
  ])('is answered again although %s', async (_, body, change) => {
    const caller = await served.caller({ senders: ['Acme'] });
    const texts = { en: 'Yours: {code}' };
    await served.ask(caller.keys.test, 'PUT /v1/templates/mine', { texts });
    const first = await caller.post('', body, KEY);
    expect(first.status).toBe(201);
    await change(caller);
    const left = served.rig.left.length;
    expect((await caller.post('', body)).status).toBe(422);
    const again = await caller.post('', body, KEY);
    expect([again.status, again.text, again.headers['location']]).toEqual([201, first.text, first.headers['location']]);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(served.rig.left.length).toBe(left);
  });

  it.each(['/resend', '/next'])('is answered again although its code is not kept any more: %s', async (path) => {
    const caller = await served.caller();
    const one = await started(caller);
    const first = await caller.post(one + path, undefined, KEY);
    expect(first.status).toBe(200);
    await codeIsErased(caller, one);
    expect((await caller.post(one + path)).body.code).toBe('verification_ended');
    const again = await caller.post(one + path, undefined, KEY);
    expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([200, first.text, 'true']);
  });

  it('is told apart from another request under that key, whatever is wrong with it', async () => {
    const { post } = await served.caller();
    await post('', PLAIN, KEY);
    const other = await post('', { ...PLAIN, template: 'none' }, KEY);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
  });

  it('is forgotten after a day', async () => {
    const caller = await served.caller();
    const one = await started(caller);
    await caller.post(`${one}/resend`, {}, KEY);
    await codeIsErased(caller, one);
    served.rig.clock.advance(24 * 3_600_000);
    expect((await caller.post(`${one}/resend`, {}, KEY)).body.code).toBe('verification_ended');
  });
});

describe('a send that was refused', () => {
  it('is refused again, and done once it can be', async () => {
    const { post } = await served.caller();
    const { id } = (await post('', { ...PLAIN, code: CODE })).body;
    for (let i = 0; i < 2; i += 1) expect((await post(`/${id}/resend`, {}, KEY)).body.code).toBe('rate_limited');
    served.rig.clock.advance(30_000);
    expect((await post(`/${id}/resend`, {}, KEY)).status).toBe(200);
  });
});
