import { afterEach, expect, test } from 'vitest';
import { callPlan, exampleClip } from '../../voice/scripted-call-engine.ts';
import { servedHandset } from './handset-rig.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const undo: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function served() {
  const rig = await servedHandset();
  undo.push(rig.close);

  /** Calls a phone, which hears `says` once it is answered; the id of the call. */
  async function ring(to = '+9779851023212', accountId = 'account-1', says = '4 8') {
    const signal = new AbortController().signal;
    const call = rig.handsetCalls.engine.place(callPlan(to, { accountId }), () => {}, signal);
    call.play([exampleClip(says, 500, 3_000)]);
    await turn();
    const [shown] = await rig.handsetCalls.calls(accountId, to, 1);
    return { id: `call_${shown?.id}`, call };
  }

  return { ...rig, ring };
}

test('calls are listed newest first, for one number or for all, and shown one by one', async () => {
  const { get, ring } = await served();
  const first = await ring();
  const second = await ring('+9779851000100');
  const all = await get('/v1/handset/calls');
  expect(all.json().data.map((call: { id: string }) => call.id)).toEqual([second.id, first.id]);
  const shown = {
    ...{ id: first.id, to: '+9779851023212', from: '+9771500000', anonymous: false, state: 'ringing', transcript: '' },
    ...{ started_at: '2026-01-31T10:00:00.000Z', answered_at: null, ended_at: null, keys: '' },
    ...{ outcome: null, sip_status: null, reason: null },
  };
  expect((await get('/v1/handset/calls?to=9851023212&limit=1')).json()).toEqual({ data: [shown] });
  expect((await get(`/v1/handset/calls/${first.id}`)).json()).toEqual(shown);
});

test('an anonymous call shows no number', async () => {
  const { get, handsetCalls } = await served();
  const plan = callPlan('+9779851023212', { anonymous: true });
  handsetCalls.engine.place(plan, () => {}, new AbortController().signal);
  await turn();
  expect((await get('/v1/handset/calls')).json().data).toMatchObject([{ anonymous: true, from: null }]);
});

test('the callee answers, presses keys and hangs up', async () => {
  const { get, post, ring, clock } = await served();
  const { id } = await ring();
  const at = (path: string) => `/v1/handset/calls/${id}/${path}`;
  expect((await post(at('answer'))).json()).toMatchObject({ id, state: 'answered', answered_at: expect.any(String) });
  clock.advance(500);
  expect((await post(at('keys'), { digits: '1#' })).json()).toMatchObject({ keys: '1#', transcript: '4 8' });
  const wav = await get(at('audio.wav'));
  expect(wav.headers).toMatchObject({ 'content-type': 'audio/wav', 'cache-control': 'no-store' });
  expect(wav.rawPayload).toHaveLength(44 + 500 * 16);
  expect(wav.rawPayload.subarray(0, 4).toString()).toBe('RIFF');
  const ended = await post(at('hangup'), {});
  expect(ended.json()).toMatchObject({ state: 'ended', outcome: 'completed', sip_status: null, reason: '' });
});

test('what was heard can be had in pieces, and as it grows', async () => {
  const { get, post, ring, clock } = await served();
  const { id } = await ring();
  await post(`/v1/handset/calls/${id}/answer`);
  clock.advance(500);
  const url = `/v1/handset/calls/${id}/audio.wav`;
  const whole = await get(url);
  expect(whole.headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': '8044' });
  const piece = await get(url, { range: 'bytes=44-1043' });
  expect([piece.statusCode, piece.headers['content-range']]).toEqual([206, 'bytes 44-1043/8044']);
  expect(piece.rawPayload).toEqual(whole.rawPayload.subarray(44, 1044));
  const past = await get(url, { range: 'bytes=8044-' });
  expect([past.statusCode, past.headers['content-range'], past.body]).toEqual([416, 'bytes */8044', '']);
  clock.advance(100);
  expect((await get(url, { range: 'bytes=8044-' })).headers['content-range']).toBe('bytes 8044-9643/9644');
});

test('the callee rejects', async () => {
  const { post, ring } = await served();
  const { id } = await ring();
  const answer = await post(`/v1/handset/calls/${id}/reject`);
  expect(answer.json()).toMatchObject({ state: 'ended', outcome: 'rejected', sip_status: 603, reason: 'Decline' });
});

test('what the state does not allow is a conflict that says what to do', async () => {
  const { post, ring } = await served();
  const { id } = await ring();
  const answer = await post(`/v1/handset/calls/${id}/hangup`);
  expect(answer.statusCode).toBe(409);
  expect(answer.json()).toMatchObject({
    code: 'conflict',
    detail: '"call" still rings: reject it instead.',
    errors: [{ field: 'call', message: 'still rings: reject it instead' }],
  });
});

test('unknown calls, those of others, and what is no id look alike', async () => {
  const { get, post, ring } = await served();
  const { id } = await ring('+9779851023212', 'account-2');
  for (const other of [id, 'call_01a1fccb-438b-7292-a2ac-dd6bc0393e52', 'call_1', 'x', '%00']) {
    const answers = [
      await get(`/v1/handset/calls/${other}`),
      await get(`/v1/handset/calls/${other}/audio.wav`),
      await post(`/v1/handset/calls/${other}/answer`),
      await post(`/v1/handset/calls/${other}/keys`, { digits: '1' }),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'not_found', detail: 'There is no such call.' });
    }
  }
});

test('keys are checked before anything is pressed', async () => {
  const { post, get, ring } = await served();
  const { id } = await ring();
  await post(`/v1/handset/calls/${id}/answer`);
  const bodies = [
    ...[undefined, {}, { digits: '' }, { digits: '1'.repeat(33) }, { digits: 'E' }, { digits: 'a' }, { digits: '1 2' }],
    ...[
      { digits: '1\n' },
      { digits: '١' },
      { digits: 1 },
      { digits: ['1'] },
      { digits: null },
      { digits: '1', to: 'x' },
    ],
    [],
  ];
  for (const body of bodies) {
    const answer = await post(`/v1/handset/calls/${id}/keys`, body);
    expect({ body, status: answer.statusCode }).toEqual({ body, status: 422 });
    expect(answer.json().code).toBe('invalid_request');
  }
  expect((await get(`/v1/handset/calls/${id}`)).json().keys).toBe('');
  expect((await post(`/v1/handset/calls/${id}/keys`, { digits: '0123456789ABCD*#' })).json().keys).toBe(
    '0123456789ABCD*#',
  );
});

test('fields that an act does not know are refused and named', async () => {
  const { post, ring } = await served();
  const { id } = await ring();
  const answer = await post(`/v1/handset/calls/${id}/answer`, { digits: '1' });
  expect(answer.statusCode).toBe(422);
  expect(answer.json().errors).toMatchObject([{ field: 'digits' }]);
});

test('the same Idempotency-Key presses once', async () => {
  const { post, ring } = await served();
  const { id } = await ring();
  await post(`/v1/handset/calls/${id}/answer`);
  const press = () => post(`/v1/handset/calls/${id}/keys`, { digits: '1' }, { 'idempotency-key': 'press-1' });
  expect((await press()).json().keys).toBe('1');
  const again = await press();
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(again.json().keys).toBe('1');
});

test('waiting answers with the call as it rings, and with 204 when none came', async () => {
  const { get, ring } = await served();
  const waiting = get('/v1/handset/calls/next?to=9851023212');
  await turn();
  await ring('+9779851000100');
  const { id } = await ring();
  expect((await waiting).json()).toMatchObject({ id, state: 'ringing' });
  expect((await get(`/v1/handset/calls/next?after=${id}&wait=0`)).statusCode).toBe(204);
  const next = await ring();
  expect((await get(`/v1/handset/calls/next?after=${id}&wait=0`)).json()).toMatchObject({ id: next.id });
});

test('every faulty field of a query is named at once', async () => {
  const { get } = await served();
  const answer = await get('/v1/handset/calls/next?after=msg_01a1fccb-438b-7292-a2ac-dd6bc0393e52&wait=61&page=2');
  expect(answer.statusCode).toBe(422);
  const fields = answer.json().errors.map((fault: { field: string }) => fault.field);
  expect(fields.sort()).toEqual(['after', 'page', 'wait']);
  for (const query of ['limit=0', 'limit=101', 'limit=1&limit=2', 'to=12a']) {
    expect((await get(`/v1/handset/calls?${query}`)).json().code).toBe('invalid_request');
  }
});

test('live keys are refused, and so are requests without a key', async () => {
  const { app, get, post, ring } = await served();
  const { id } = await ring();
  const live = { authorization: 'Bearer pb_live_1' };
  for (const url of ['/v1/handset/calls', '/v1/handset/calls/next', `/v1/handset/calls/${id}/audio.wav`]) {
    expect((await get(url, live)).json()).toMatchObject({ status: 403, detail: 'This needs a test key.' });
    expect((await app.inject({ url })).json()).toMatchObject({ status: 401, code: 'unauthorized' });
  }
  for (const act of ['answer', 'reject', 'hangup', 'keys']) {
    const url = `/v1/handset/calls/${id}/${act}`;
    expect((await post(url, { digits: '1' }, live)).json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await app.inject({ method: 'POST', url })).json()).toMatchObject({ status: 401 });
  }
  expect((await get(`/v1/handset/calls/${id}`)).json().state).toBe('ringing');
});

test('other methods are named as not allowed', async () => {
  const { app, ring } = await served();
  const { id } = await ring();
  const answer = await app.inject({
    ...{ method: 'DELETE', url: `/v1/handset/calls/${id}/answer` },
    headers: { authorization: 'Bearer pb_test_1' },
  });
  expect(answer.statusCode).toBe(405);
  expect(answer.headers['allow']).toBe('POST');
});

test('a key that is revoked during the wait reads nothing', async () => {
  const { get, ring, revoke } = await served();
  const waiting = get('/v1/handset/calls/next');
  await turn();
  revoke('pb_test_1');
  await ring();
  expect((await waiting).json()).toMatchObject({ status: 401, code: 'unauthorized' });
});

test('changes of calls are told among the messages, and resumed after the last one seen', async () => {
  const { events, ring, post, submit } = await served();
  await submit('before');
  await ring('+9779851000100');
  const live = await events();
  expect(await live.read()).toBe('retry: 1000');
  const { id } = await ring();
  const first = /^event: call\nid: (msg_\S+ chg_\S+)\ndata: (.*)$/.exec((await live.read()) ?? '');
  expect(JSON.parse(first?.[2] ?? '')).toMatchObject({ id, state: 'ringing' });
  await submit('between');
  expect(await live.read()).toMatch(/^event: message\nid: msg_\S+ chg_\S+\ndata: .*"between"/);
  await post(`/v1/handset/calls/${id}/answer`);
  expect(await live.read()).toMatch(/^event: call\n.*\ndata: .*"answered"/);

  const resumed = await events({ 'last-event-id': first?.[1] ?? '' });
  await resumed.read();
  const missed = [await resumed.read(), await resumed.read()].sort();
  expect(missed[0]).toMatch(/^event: call\n.*\ndata: .*"answered"/);
  expect(missed[1]).toMatch(/^event: message\n.*\ndata: .*"between"/);
});

test('a stream hears of no other account’s calls, and ends when its key is revoked', async () => {
  const { events, ring, revoke } = await served();
  const { read } = await events();
  await read();
  await ring('+9779851023212', 'account-2');
  const { id } = await ring();
  expect(await read()).toContain(id);
  revoke('pb_test_1');
  await ring();
  expect(await read()).toBeNull();
});
