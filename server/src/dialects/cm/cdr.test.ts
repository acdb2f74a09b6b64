import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import type { CallDraft, CallRecord } from '../../rules/call-record.ts';
import type { OutcomeNext } from '../../rules/outcome.ts';
import { newId, request } from '../../store/contract/samples.ts';
import { type Api, openApi } from './rig.ts';

const NODE = 'node';

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  caller = await api.caller({ voiceCredits: 1_000 });
});

const draft: CallDraft = {
  ...{ caller: '+9771234567', anonymous: false, instructionId: 'order-7', spokenMs: 9_000, callbackSealed: null },
  warnings: ['There is no female voice 1 for en-EN; English (United Kingdom), female 1 speaks instead.'],
};

/** A call as the sender commits it. */
async function accept(over: Partial<AcceptRequest> = {}, e164 = '+9779851023212'): Promise<AcceptRequest> {
  const otpId = newId();
  const place = { account: over.accountId ?? caller.account.id, row: otpId, column: 'number' } as const;
  const asked = request(caller.account.id, {
    ...{ otpId, dialect: 'cm', mode: 'test', channel: 'voice', pool: 'voice', credits: 2, needed: 2, segments: 0 },
    ...{ call: draft, numbered: false, createdAt: api.clock.now() },
    numberSealed: api.vault.seal(place, JSON.stringify({ e164, asSent: e164 })),
    ...over,
  });
  const [verdict] = await api.store.accept([asked], NODE, api.clock.now());
  expect(verdict?.accepted).toBe(true);
  return asked;
}

async function end({ accountId, deliveryId }: AcceptRequest, call: CallRecord | undefined, next: OutcomeNext) {
  const attempt = call && { n: 1, carrier: 'main', parts: [] };
  const at = api.clock.now();
  const outcome = { accountId, deliveryId, node: NODE, at, attempt: attempt ?? null, next, ...(call && { call }) };
  const [verdict] = await api.store.settle([outcome], [], NODE, at);
  expect(verdict?.kind).toBe('applied');
}

function query(over: Record<string, string | number> = {}): string {
  const from = new Date(api.clock.now() - 86_400_000).toISOString();
  const to = new Date(api.clock.now() + 86_400_000).toISOString();
  const fields = { from, to, skip: '0', take: '100', ...over };
  return new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, `${value}`]),
  ).toString();
}
const cdr = (over?: Record<string, string | number>, id = caller.account.id) =>
  caller.get(`/voice-cdr/v1/${id}?${query(over)}`);

describe('a record', () => {
  it('of a call that was answered says all there is', async () => {
    const at = api.clock.now();
    const asked = await accept();
    const call: CallRecord = {
      ...{ ringingAt: at + 1_000, answeredAt: at + 5_000, endedAt: at + 21_100, outcome: 'completed', sipStatus: null },
      ...{ sipReason: '', cause: 16, replays: 1 },
    };
    await end(asked, call, { kind: 'final', state: 'delivered', reason: null });
    const answer = await cdr();
    expect(answer.statusCode).toBe(200);
    const [record] = answer.json();
    expect(record).toEqual({
      ...{ 'call-id': asked.deliveryId, 'instruction-id': 'order-7', caller: '+9771234567', callee: '+9779851023212' },
      ...{ start: new Date(at).toISOString(), answer: new Date(at + 5_000).toISOString() },
      ...{ end: new Date(at + 21_100).toISOString(), duration: 17 },
      result: {
        ...{
          code: 10,
          description: 'Finished successfully',
          'sip-disconnect-code': 'BYE',
          'sip-disconnect-reason': '',
        },
      },
      ...{ replays: 1, cost: 2, warnings: draft.warnings },
    });
    expect(Object.keys(record)).toEqual([
      ...['call-id', 'instruction-id', 'caller', 'callee', 'start', 'answer', 'end', 'duration', 'result', 'replays'],
      ...['cost', 'warnings'],
    ]);
  });

  it('of one that was refused costs nothing', async () => {
    const at = api.clock.now();
    const call: CallRecord = {
      ...{ ringingAt: at, answeredAt: null, endedAt: at + 2_000, outcome: 'rejected', sipStatus: 486 },
      ...{ sipReason: 'Busy Here', cause: 17, replays: 0 },
    };
    await end(await accept(), call, { kind: 'final', state: 'undelivered', reason: 'call_rejected' });
    expect((await cdr()).json()).toMatchObject([
      { answer: null, duration: 0, cost: 0, result: { code: 12, 'sip-disconnect-code': '486' } },
    ]);
  });

  it('of one that no trunk had ends all the same', async () => {
    await end(await accept(), undefined, { kind: 'final', state: 'failed', reason: 'no_carrier' });
    expect((await cdr()).json()).toMatchObject([
      { end: new Date(api.clock.now()).toISOString(), duration: 0, cost: 0, result: { code: 11 } },
    ]);
  });

  it('of one that goes on has no end and no result', async () => {
    await accept({ call: { ...draft, instructionId: null } });
    expect((await cdr()).json()).toMatchObject([
      { 'instruction-id': null, answer: null, end: null, duration: 0, result: null, cost: 0 },
    ]);
  });
});

describe('a page', () => {
  it('has its place in the headers, the newest first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.unshift((await accept()).deliveryId);
      api.clock.advance(1_000);
    }
    const answer = await cdr({ skip: 1, take: 2 });
    expect(answer.json().map((record: Record<string, unknown>) => record['call-id'])).toEqual(ids.slice(1, 3));
    expect(answer.headers).toMatchObject({
      ...{ 'x-cm-pagination-skip': '1', 'x-cm-pagination-take': '2', 'x-cm-pagination-total': '5' },
    });
    const past = await cdr({ skip: 5, take: 10_000 });
    expect([past.json(), past.headers['x-cm-pagination-total']]).toEqual([[], '5']);
  });

  it('holds what was asked for from `from` on and before `to`, by this API in the token’s mode', async () => {
    const at = api.clock.now();
    const inside = await accept();
    await accept({ createdAt: at - 1 });
    await accept({ createdAt: at + 1_000 });
    await accept({ mode: 'live' });
    await accept({ dialect: 'tingting' });
    const stranger = await api.caller({ voiceCredits: 10 });
    await accept({ accountId: stranger.account.id });
    const span = { from: new Date(at).toISOString(), to: new Date(at + 1_000).toISOString() };
    const answer = await cdr(span);
    expect(answer.json()).toMatchObject([{ 'call-id': inside.deliveryId }]);
    expect(answer.headers['x-cm-pagination-total']).toBe('1');
    const live = { 'x-cm-producttoken': caller.account.productTokens.live };
    const url = `/voice-cdr/v1/${caller.account.id}?${query()}`;
    expect((await caller.get(url, live)).json()).toHaveLength(1);
  });
});

describe('the same request', () => {
  it('is answered once in five minutes', async () => {
    const asked = query();
    const ask = (more: Record<string, string> = {}) => caller.get(`/voice-cdr/v1/${caller.account.id}?${asked}`, more);
    expect((await ask()).statusCode).toBe(200);
    api.clock.advance(60_500);
    const again = await ask();
    expect(again.statusCode).toBe(429);
    expect(again.headers['retry-after']).toBe('240');
    expect(again.json()).toEqual({
      message: 'These records were asked for within the last 5 minutes. Try again in 240 seconds.',
    });
    expect((await ask({ 'x-cm-producttoken': caller.account.productTokens.live })).statusCode).toBe(200);
    api.clock.advance(240_000);
    await api.poll();
    expect((await ask()).statusCode).toBe(200);
  });

  it('is the same in another spelling, and another one on another page', async () => {
    const span = { from: '2026-01-30', to: '2026-01-31' };
    expect((await cdr(span)).statusCode).toBe(200);
    expect((await cdr({ from: '2026-01-30T00:00:00Z', to: '2026-01-31T05:45:00+05:45' })).statusCode).toBe(429);
    expect((await cdr({ ...span, skip: 100 })).statusCode).toBe(200);
  });

  it('may be made again when it came to nothing', async () => {
    const { page } = api.store.calls;
    const calls = api.store.calls as { page: typeof page };
    calls.page = () => Promise.reject(new Error('no store'));
    const asked = query();
    const ask = () => caller.get(`/voice-cdr/v1/${caller.account.id}?${asked}`);
    expect((await ask()).statusCode).toBe(500);
    calls.page = page;
    expect((await ask()).statusCode).toBe(200);
    expect(api.errors.splice(0)).toHaveLength(1);
  });
});

describe('a request at fault', () => {
  it.each<[Record<string, string>, string[]]>([
    [{ from: '', to: '', skip: '', take: '' }, ['from', 'to', 'skip', 'take']],
    [{ from: 'yesterday' }, ['from']],
    [{ to: '2026-02-30' }, ['to']],
    [{ from: '2026-01-01', to: '2026-01-08T00:00:00.001' }, ['to']],
    [{ from: '2026-01-08', to: '2026-01-01' }, ['to']],
    [{ from: '2026-01-08', to: '2026-01-08' }, ['to']],
    [{ take: '0' }, ['take']],
    [{ take: '10001' }, ['take']],
    [{ take: '-1' }, ['take']],
    [{ take: '1e3' }, ['take']],
    [{ take: '9'.repeat(16) }, ['take']],
    [{ skip: '-1' }, ['skip']],
    [{ skip: '1.5' }, ['skip']],
    [{ skip: '1000000001' }, ['skip']],
  ])('%j', async (over, fields) => {
    const answer = await cdr(over);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors.map(({ field }: { field: string }) => field)).toEqual(fields);
  });

  it('names a field twice', async () => {
    const answer = await caller.get(`/voice-cdr/v1/${caller.account.id}?${query()}&take=5`);
    expect(answer.json()).toEqual({
      message: 'take: must be given once',
      errors: [{ field: 'take', message: 'must be given once' }],
    });
  });

  it('may span a week', async () => {
    expect((await cdr({ from: '2026-01-01', to: '2026-01-08' })).statusCode).toBe(200);
  });

  it('for another account looks like one for no account', async () => {
    const stranger = await api.caller();
    const foreign = await cdr({}, stranger.account.id);
    expect(foreign.statusCode).toBe(404);
    expect(foreign.body).toBe((await cdr({}, 'x')).body);
    expect(foreign.json()).toEqual({ message: 'There is no such account.' });
    expect((await cdr({}, caller.account.id.toUpperCase())).statusCode).toBe(200);
  });
});
