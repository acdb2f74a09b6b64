import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PassbellError } from '../../errors.ts';
import { type Api, openApi, PLAIN, queueEach } from './rig.ts';

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
beforeAll(async () => {
  api = await openApi();
  caller = await api.caller();
});
afterAll(() => api.close());
beforeEach(() => {
  api.sends.length = 0;
  api.together.length = 0;
  api.sendTogetherWith(queueEach);
});

describe('several callees', () => {
  const many = { caller: PLAIN.caller, code: PLAIN.code };
  const [one, two] = ['+9779851023212', '+9779861489014'];

  it('go out together, and are answered in their order', async () => {
    const answer = await caller.post({ ...many, callees: [two, one], 'instruction-id': 'batch' });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe(
      `[{"type":"call-queued","call-id":"01960000-0000-7000-8000-000000000000","instruction-id":"batch","caller":"+9771234567","callee":"${two}","success":true},` +
        `{"type":"call-queued","call-id":"01960000-0000-7000-8000-000000000001","instruction-id":"batch","caller":"+9771234567","callee":"${one}","success":true}]`,
    );
    expect(api.together.map((sends) => sends.map(({ number }) => number.e164))).toEqual([[two, one]]);
    expect(api.sends).toEqual([]);
  });

  it('are a list even where there is one', async () => {
    expect((await caller.post({ ...many, callee: null, callees: [one] })).json()).toHaveLength(1);
  });

  it('are all rejected for one that is invalid, each fault named', async () => {
    const answer = await caller.post({ ...many, callees: [one, '+99', two, '12', '009779851023212'] });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors.map(({ field }: { field: string }) => field)).toEqual([
      ...['callees[1]', 'callees[4]'],
    ]);
    expect(answer.json().errors[1].message).toBe('is the same number as callees[0]: name it once');
    expect(api.together).toEqual([]);
  });

  it('that are invalid are skipped on demand, the others called', async () => {
    const callees = ['+99', two, 'nobody', two, one];
    const answer = await caller.post({ ...many, callees, 'disable-callees-validation': 'true' });
    expect(answer.statusCode).toBe(200);
    const answers = answer.json();
    expect(answers.map(({ callee, success }: never) => [callee, success])).toEqual([
      ...[
        ['+99', false],
        [two, true],
        ['nobody', false],
        [two, false],
        [one, true],
      ],
    ]);
    expect(answers[0].error).toMatch(/^'\+99' is not a valid E\.164 number/);
    expect(answers[3].error).toMatch(/same number/);
    expect('error' in answers[1]).toBe(false);
    const ids = answers.map((one: { 'call-id': string }) => one['call-id']);
    expect(new Set(ids).size).toBe(5);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(api.together[0]?.map(({ number }) => number.e164)).toEqual([two, one]);
  });

  it('that are all invalid cost nothing', async () => {
    const validated = { 'disable-callees-validation': true };
    const list = await caller.post({ ...many, callees: ['x', '+99'], ...validated });
    expect(list.json()).toMatchObject([{ success: false }, { success: false }]);
    const single = await caller.post({ ...many, callee: '+99', ...validated });
    expect(single.statusCode).toBe(200);
    expect(single.json()).toMatchObject({ type: 'call-queued', callee: '+99', success: false });
    expect([api.together, api.sends]).toEqual([[], []]);
  });

  it('may be refused one by one, by a limit or for where they are', async () => {
    api.sendTogetherWith(async ({ number }) =>
      number.e164 === one
        ? { refused: new PassbellError('rate_limited', { limit: 'number', retryAfterMs: 1_500 }) }
        : { refused: new PassbellError('destination_refused', { reason: 'premium' }) },
    );
    const answer = await caller.post({ ...many, callees: [one, two] });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject([
      { callee: one, success: false, error: 'Too many codes were asked for this number. Try again in 2 seconds.' },
      { callee: two, success: false, error: 'This is a premium-rate number: it is not called.' },
    ]);
  });

  it('are refused together where credits are missing', async () => {
    api.sendTogetherWith(() => Promise.reject(new PassbellError('credits_exhausted', { pool: 'voice', missing: 1 })));
    const answer = await caller.post({ ...many, callees: [one, two] });
    expect(answer.statusCode).toBe(402);
    expect(answer.json()).toEqual({ message: 'Not enough phone credits: 1 more is needed.' });
  });
});

describe('a list, whatever stands in it', () => {
  const known = new Map([
    ['+9779851023212', '+9779851023212'],
    ['009779851023212', '+9779851023212'],
    ['9861489014', '+9779861489014'],
    ['+31612345678', '+31612345678'],
  ]);
  const entry = fc.constantFrom(...known.keys(), '+99', 'nobody', '', '112');

  it('is answered one for one, and each phone called once', async () => {
    const lists = fc.array(entry, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(lists, async (callees) => {
        api.together.length = 0;
        const body = { caller: PLAIN.caller, code: PLAIN.code, callees, 'disable-callees-validation': true };
        const answers: { callee: string; success: boolean }[] = (await caller.post(body)).json();
        expect(answers).toHaveLength(callees.length);
        const called = answers.filter(({ success }) => success).map(({ callee }) => callee);
        const dialled = api.together.flat().map(({ number }) => number.e164);
        expect(called).toEqual(dialled);
        expect(new Set(dialled).size).toBe(dialled.length);
        const wanted = new Set(callees.flatMap((callee) => known.get(callee) ?? (callee === '112' ? '112' : [])));
        expect(new Set(dialled)).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });
});
