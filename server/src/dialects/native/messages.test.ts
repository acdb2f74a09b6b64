import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODE, NUMBER, PLAIN, servedVerifications } from './verifications/rig.ts';

let served: Awaited<ReturnType<typeof servedVerifications>>;
beforeAll(async () => {
  served = await servedVerifications();
});
afterAll(() => served.close());

describe('/v1/messages', () => {
  it('shows what was sent by SMS, with what became of it, never the text', async () => {
    const { account, post, get } = await served.caller();
    const { body: verification } = await post('', PLAIN);
    const [{ id }] = verification.deliveries;
    const at = new Date(served.rig.clock.now()).toISOString();
    const fresh = {
      ...{ id, verification: verification.id, to: NUMBER, mode: 'test', dialect: 'native', segments: 1 },
      ...{ carrier: null, state: 'queued', reason: null, credits: 1, created_at: at, submitted_at: null },
      ...{ ended_at: null, tries: [] },
    };
    const shown = await get(`/messages/${id}`);
    expect([shown.status, shown.body]).toEqual([200, fresh]);
    expect((await get('/messages')).body).toEqual({ data: [fresh], next_cursor: null });
    expect(shown.text).not.toContain(CODE);
    await served.rig.fail(account.id, id.slice(4));
    const failed = { state: 'failed', reason: 'carrier_refused', credits: 0, ended_at: at };
    expect((await get(`/messages/${id}`)).body).toEqual({ ...fresh, ...failed });
  });

  it('lists no calls, a page at a time, the newest first, by the key’s mode', async () => {
    const { post, get, keys } = await served.caller();
    const made: string[] = [];
    for (let i = 0; i < 3; i += 1) made.unshift((await post('', PLAIN)).body.deliveries[0].id);
    await post('', { ...PLAIN, channel: 'voice' });
    await served.ask(keys.live, 'POST /v1/verifications', PLAIN);
    const first = (await get('/messages?limit=2')).body;
    const second = (await get(`/messages?limit=2&cursor=${first.next_cursor}`)).body;
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(made);
    expect(second.next_cursor).toBeNull();
    for (const query of ['limit=0', 'cursor=x', 'to=9851023212']) {
      expect((await get(`/messages?${query}`)).status).toBe(422);
    }
  });

  it('knows no message of another account or mode, nor by another spelling of its id', async () => {
    const [mine, theirs] = [await served.caller(), await served.caller()];
    const { id } = (await theirs.post('', PLAIN)).body.deliveries[0];
    for (const other of [id, id.slice(4), `call_${id.slice(4)}`, 'msg_1', `msg_${served.rig.ids()}`]) {
      const { status, body } = await mine.get(`/messages/${other}`);
      expect([status, body.code, body.detail]).toEqual([404, 'not_found', 'There is no such message.']);
    }
    expect((await served.ask(theirs.keys.live, `GET /v1/messages/${id}`)).status).toBe(404);
    expect((await mine.get('/messages')).body.data).toEqual([]);
  });
});
