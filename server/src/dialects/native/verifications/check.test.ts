import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODE, NUMBER, PLAIN, servedVerifications } from './rig.ts';

type Served = Awaited<ReturnType<typeof servedVerifications>>;
type Caller = Awaited<ReturnType<Served['caller']>>;
let served: Served;
beforeAll(async () => {
  served = await servedVerifications();
});
afterAll(() => served.close());

async function started({ post }: Caller, over: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { status, body } = await post('', { ...PLAIN, ...over });
  expect(status).toBe(201);
  return body.id;
}

/** What every verification that is not found is answered with. */
function expectNotFound({ status, body }: Awaited<ReturnType<Caller['post']>>): void {
  expect([status, body.code, body.detail]).toEqual([404, 'not_found', 'There is no such verification.']);
}

describe('a check', () => {
  it('counts wrong codes, and approves the right one once', async () => {
    const caller = await served.caller();
    const id = await started(caller);
    const check = (code: string) => caller.post(`/${id}/check`, { code });
    expect((await check('999999')).body).toEqual({ id, status: 'pending', remaining_attempts: 4 });
    expect((await check('12345')).body).toEqual({ id, status: 'pending', remaining_attempts: 3 });
    const right = await check(CODE);
    expect([right.status, right.body]).toEqual([200, { id, status: 'approved' }]);
    expectNotFound(await check(CODE));
    const shown = (await caller.get(`/verifications/${id}`)).body;
    expect(shown).toMatchObject({ status: 'approved', attempts: { failed: 2, remaining: 3, max: 5 } });
    expect(shown.approved_at).toBe(shown.ended_at);
  });

  it('by number is of the newest pending one', async () => {
    const caller = await served.caller();
    const older = await started(caller, { code: '111111' });
    const newer = await started(caller);
    const check = (code: string, to: unknown = '985-1023212') => caller.post('/check', { to, code });
    expect((await check('111111')).body).toMatchObject({ id: newer, status: 'pending' });
    expect((await check(CODE)).body).toEqual({ id: newer, status: 'approved' });
    expect((await check('111111')).body).toEqual({ id: older, status: 'approved' });
    expectNotFound(await check(CODE));
    expectNotFound(await check(CODE, '+9779851023213'));
  });

  it('answers with the state of one that has ended', async () => {
    const caller = await served.caller();
    const failed = await started(caller, { max_attempts: 1 });
    expect((await caller.post(`/${failed}/check`, { code: '999999' })).body).toEqual({
      ...{ id: failed, status: 'max_attempts_reached' },
    });
    expect((await caller.post(`/${failed}/check`, { code: CODE })).body.status).toBe('max_attempts_reached');
    const canceled = await started(caller);
    await caller.post(`/${canceled}/cancel`);
    expect((await caller.post(`/${canceled}/check`, { code: CODE })).body).toEqual({
      id: canceled,
      status: 'canceled',
    });
    const expired = await started(caller, { ttl: 60 });
    served.rig.clock.advance(60_000);
    const late = await caller.post(`/${expired}/check`, { code: CODE });
    expect([late.status, late.body]).toEqual([200, { id: expired, status: 'expired' }]);
    expectNotFound(await caller.post('/check', PLAIN));
  });

  it('finds nothing of another account or mode, nor what there is not, and counts nothing there', async () => {
    const [mine, theirs] = [await served.caller(), await served.caller()];
    const id = await started(theirs);
    const live = await served.ask(mine.keys.live, 'POST /v1/verifications', PLAIN);
    for (const path of ['check', 'resend', 'next', 'cancel', 'feedback']) {
      const body = path === 'check' ? { code: CODE } : path === 'feedback' ? { converted: true } : {};
      for (const foreign of [id, live.body.id, id.slice(4), 'ver_1', id.toUpperCase(), `ver_${served.rig.ids()}`]) {
        expectNotFound(await mine.post(`/${foreign}/${path}`, body));
      }
    }
    for (const foreign of [id, live.body.id, 'ver_1']) expectNotFound(await mine.get(`/verifications/${foreign}`));
    expectNotFound(await mine.post('/check', PLAIN));
    expect((await theirs.get(`/verifications/${id}`)).body.attempts.failed).toBe(0);
  });

  it.each([
    ['code', 123456, /JSON number would lose its leading zeros/],
    ['code', null, /text of 4 to 10/],
    ['code', ['012345'], /text of 4 to 10/],
    ['code', { $ne: null }, /text of 4 to 10/],
    ['code', '१२३४५६', /digits 0 to 9/],
    ['code', ' 012345', /4 to 10/],
    ['ip', 'localhost', /IPv4 or IPv6/],
    ['to', NUMBER, /is not known here/],
  ])('refuses the %s %j and counts nothing', async (field, value, message) => {
    const caller = await served.caller();
    const id = await started(caller);
    const { status, body } = await caller.post(`/${id}/check`, { code: CODE, [field]: value });
    expect([status, body.errors]).toEqual([422, [{ field, message: expect.stringMatching(message) }]]);
    expect((await caller.get(`/verifications/${id}`)).body.attempts.failed).toBe(0);
  });

  it('approves one of fifty right checks at once, and counts five of two hundred wrong ones', async () => {
    const caller = await served.caller();
    const right = await started(caller);
    const checks = (id: string, code: string, times: number) =>
      Promise.all(Array.from({ length: times }, () => caller.post(`/${id}/check`, { code })));
    const statuses = (await checks(right, CODE, 50)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 404)).toHaveLength(49);

    const wrong = await started(caller);
    const answers = (await checks(wrong, '999999', 200)).map(({ body }) => body.remaining_attempts ?? body.status);
    expect(answers.filter((remaining) => typeof remaining === 'number').sort()).toEqual([1, 2, 3, 4]);
    expect(answers.filter((status) => status === 'max_attempts_reached')).toHaveLength(196);
    expect((await caller.get(`/verifications/${wrong}`)).body.attempts).toEqual({ failed: 5, remaining: 0, max: 5 });
  });

  it('by number names every fault at once', async () => {
    const { post } = await served.caller();
    const { body } = await post('/check', { to: '1', code: 1, ip: 'x', id: 'ver_1' });
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(['id', 'code', 'to', 'ip']);
  });

  it('counts once under one Idempotency-Key, and repeats its answer', async () => {
    const caller = await served.caller();
    const id = await started(caller);
    const check = (code: string, key: string) => caller.post(`/${id}/check`, { code }, { 'idempotency-key': key });
    const wrong = await Promise.all(Array.from({ length: 5 }, () => check('999999', 'first')));
    for (const { body } of wrong) expect(body).toEqual({ id, status: 'pending', remaining_attempts: 4 });
    expect(wrong.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(4);
    const right = await check(CODE, 'second');
    const again = await check(CODE, 'second');
    expect([again.status, again.text]).toEqual([200, right.text]);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expectNotFound(await check(CODE, 'third'));
    expect((await check('111111', 'first')).body.code).toBe('idempotency_mismatch');
  });

  it('is refused with the time to wait while its number is locked', async () => {
    const caller = await served.caller();
    for (let n = 0; n < 2; n += 1) {
      const id = await started(caller, { max_attempts: 10 });
      for (let i = 0; i < 10; i += 1) await caller.post(`/${id}/check`, { code: '999999' });
    }
    const refused = await caller.post('', PLAIN);
    expect([refused.status, refused.body.detail]).toEqual([
      429,
      'Too many wrong codes were given. Try again in 86400 s.',
    ]);
    expect(refused.headers).toMatchObject({ 'retry-after': '86400', ratelimit: '"failures";r=0;t=86400' });
  });
});
