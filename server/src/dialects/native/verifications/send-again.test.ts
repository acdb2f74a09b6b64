import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODE, PLAIN, servedVerifications } from './rig.ts';

type Served = Awaited<ReturnType<typeof servedVerifications>>;
let served: Served;
beforeAll(async () => {
  served = await servedVerifications();
});
afterAll(() => served.close());

const FLOW = [{ channel: 'sms' }, { channel: 'voice', wait: 30 }];

describe('a resend', () => {
  it('sends the same code with the same expiry, once enough time has passed', async () => {
    const { post, get } = await served.caller();
    const first = (await post('', PLAIN)).body;
    const soon = await post(`/${first.id}/resend`);
    expect([soon.status, soon.body.code, soon.body.detail]).toEqual([
      ...[429, 'rate_limited', 'The code was sent a moment ago. Try again in 30 s.'],
    ]);
    expect(soon.headers).toMatchObject({ 'retry-after': '30', ratelimit: '"resend";r=0;t=30' });

    served.rig.clock.advance(30_000);
    const again = await post(`/${first.id}/resend`, {});
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ id: first.id, status: 'pending', expires_at: first.expires_at });
    expect(again.body.deliveries.map(({ channel }: { channel: string }) => channel)).toEqual(['sms', 'sms']);
    expect(again.body).toEqual((await get(`/verifications/${first.id}`)).body);
    expect(again.text).not.toContain(CODE);

    served.rig.clock.advance(60_000);
    const call = await post(`/${first.id}/resend`, { channel: 'voice' });
    expect(call.body).toMatchObject({ channel: 'voice', deliveries: [{}, {}, { channel: 'voice', seconds: 40 }] });
    served.rig.clock.advance(119_999);
    expect((await post(`/${first.id}/resend`)).status).toBe(429);
    expect((await post(`/${first.id}/check`, { code: CODE })).body.status).toBe('approved');
    const ended = await post(`/${first.id}/resend`);
    expect([ended.status, ended.body.code]).toEqual([409, 'verification_ended']);
  });

  it('is sent once under one Idempotency-Key', async () => {
    const { post } = await served.caller();
    const { id } = (await post('', PLAIN)).body;
    served.rig.clock.advance(30_000);
    const left = served.rig.left.length;
    const key = { 'idempotency-key': 'again' };
    const answers = await Promise.all(Array.from({ length: 3 }, () => post(`/${id}/resend`, {}, key)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(2);
    expect(served.rig.left.length).toBe(left + 1);
  });

  it('refuses another body than a channel', async () => {
    const { post } = await served.caller();
    const { id } = (await post('', PLAIN)).body;
    for (const body of [{ channel: 'fax' }, { to: '+9779851023213' }, [], 'sms']) {
      expect((await post(`/${id}/resend`, body)).status).toBe(422);
    }
  });
});

describe('a resend within a workflow', () => {
  it('shows the next step at the time that it had', async () => {
    const { post, get } = await served.caller();
    const flow = [{ channel: 'sms' }, { channel: 'voice', wait: 60 }, { channel: 'sms', wait: 10 }];
    const first = (await post('', { ...PLAIN, workflow: flow, ttl: 150 })).body;
    served.rig.clock.advance(31_000);
    const again = (await post(`/${first.id}/resend`)).body;
    expect(again.next_step_at).toBe(first.next_step_at);
    expect(again).toEqual((await get(`/verifications/${first.id}`)).body);
    const next = (await post(`/${first.id}/next`)).body;
    expect(next.next_step_at).toBe(new Date(served.rig.clock.now() + 10_000).toISOString());
    expect(next).toEqual((await get(`/verifications/${first.id}`)).body);
    // Left to itself it would be due in another test.
    await post(`/${first.id}/cancel`);
  });
});

describe('the next step', () => {
  it('is shown with its time, and comes at once when it is asked for', async () => {
    const { post, get } = await served.caller();
    const first = (await post('', { ...PLAIN, workflow: FLOW })).body;
    const at = new Date(served.rig.clock.now() + 30_000).toISOString();
    expect(first).toMatchObject({ next_step_at: at, channel: 'sms', workflow: [{ wait: 0 }, { wait: 30 }] });
    const next = await post(`/${first.id}/next`);
    expect(next.body).toMatchObject({ channel: 'voice', next_step_at: null, deliveries: [{}, { channel: 'voice' }] });
    expect(next.body).toEqual((await get(`/verifications/${first.id}`)).body);
    const none = await post(`/${first.id}/next`);
    expect([none.status, none.body.code]).toEqual([409, 'conflict']);
    expect((await post(`/${first.id}/next`, { step: 2 })).status).toBe(422);
  });
});

describe('a step that could not be sent when it was due', () => {
  it('is shown with the time at which it is tried again', async () => {
    const { account, post, get } = await served.caller();
    const { id } = (await post('', { ...PLAIN, workflow: FLOW })).body;
    const { store, clock } = served.rig;
    clock.advance(31_000);
    const [due] = await store.verifications.due(clock.now(), 100, 15_000);
    const again = {
      kind: 'postpone',
      dueAt: clock.now() + 5_000,
      seenDueAt: due?.dueAt ?? null,
      replay: null,
    } as const;
    await store.verify([{ ...again, accountId: account.id, id: due?.id ?? '' }], 'here', clock.now());
    const at = new Date(clock.now() + 5_000).toISOString();
    expect((await get(`/verifications/${id}`)).body).toMatchObject({ status: 'pending', next_step_at: at });
  });
});

describe('canceling', () => {
  it('ends it, may be repeated, and comes too late for what has ended otherwise', async () => {
    const { post, get } = await served.caller();
    const { id } = (await post('', PLAIN)).body;
    for (let i = 0; i < 2; i += 1) expect((await post(`/${id}/cancel`)).body).toEqual({ id, status: 'canceled' });
    expect((await get(`/verifications/${id}`)).body).toMatchObject({ status: 'canceled', resend_at: null });
    const approved = (await post('', PLAIN)).body.id;
    await post(`/${approved}/check`, { code: CODE });
    const late = await post(`/${approved}/cancel`, {});
    expect([late.status, late.body.code, late.body.detail]).toEqual([
      ...[409, 'verification_ended', 'It is approved: start a new verification.'],
    ]);
  });
});

describe('feedback', () => {
  it('is kept, at any time, and repeated under its key', async () => {
    const { post, get } = await served.caller();
    const { id } = (await post('', PLAIN)).body;
    await post(`/${id}/cancel`);
    const give = (converted: unknown, key: string) =>
      post(`/${id}/feedback`, { converted }, { 'idempotency-key': key });
    expect((await give(true, 'a')).body).toEqual({ id, status: 'canceled', converted: true });
    expect((await get(`/verifications/${id}`)).body.converted).toBe(true);
    await give(false, 'b');
    expect((await give(true, 'a')).headers['idempotent-replayed']).toBe('true');
    expect((await get(`/verifications/${id}`)).body.converted).toBe(false);
    expect((await give('yes', 'c')).body.errors).toEqual([{ field: 'converted', message: 'must be true or false' }]);
  });
});
