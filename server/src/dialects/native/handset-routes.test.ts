import { afterEach, expect, test } from 'vitest';
import { servedHandset } from './handset-rig.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const undo: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function served() {
  const rig = await servedHandset();
  undo.push(rig.close);
  return rig;
}

test('messages are listed newest first, for one number or for all', async () => {
  const { get, submit } = await served();
  await submit('one');
  await submit('two', '+9779851000100');
  const all = await get('/v1/handset/messages');
  expect(all.json().data.map((message: { text: string }) => message.text)).toEqual(['two', 'one']);
  const some = await get('/v1/handset/messages?to=%2B9779851023212&limit=1');
  expect(some.json()).toEqual({
    data: [
      {
        id: expect.stringMatching(/^msg_[0-9a-f-]{36}$/),
        to: '+9779851023212',
        from: 'ACME',
        text: 'one',
        segments: 1,
        encoding: 'gsm7',
        data_coding: 0,
        parts: ['4869'],
        received_at: '2026-01-31T10:00:00.000Z',
        autofill: null,
      },
    ],
  });
});

test('a number may be written as the account writes it, or with a plus that the URL swallowed', async () => {
  const { get, submit } = await served();
  await submit('one');
  for (const to of ['9851023212', '9779851023212', '+9779851023212', '%2B977%20985-1023212']) {
    expect((await get(`/v1/handset/messages?to=${to}`)).json().data).toHaveLength(1);
  }
});

test('waiting answers with the message as it comes, and with 204 when none came', async () => {
  const { get, submit } = await served();
  const waiting = get('/v1/handset/messages/next?to=9851023212');
  await turn();
  await submit('other', '+9779851000100');
  await submit('482913');
  const answer = await waiting;
  expect(answer.json()).toMatchObject({ text: '482913' });

  expect((await get(`/v1/handset/messages/next?after=${answer.json().id}&wait=0`)).statusCode).toBe(204);
  await submit('next');
  expect((await get(`/v1/handset/messages/next?after=${answer.json().id}&wait=0`)).json()).toMatchObject({
    text: 'next',
  });
});

test('every faulty field of a query is named at once', async () => {
  const { get } = await served();
  const answer = await get('/v1/handset/messages/next?after=x&wait=61&page=2');
  expect(answer.statusCode).toBe(422);
  expect(
    answer
      .json()
      .errors.map((fault: { field: string }) => fault.field)
      .sort(),
  ).toEqual(['after', 'page', 'wait']);
  for (const query of [
    'limit=0',
    'limit=101',
    'limit=1&limit=2',
    'limit=1e1',
    'limit=-1',
    'to=12a',
    'to=%2B1%00',
    'after=x',
  ]) {
    expect((await get(`/v1/handset/messages?${query}`)).json().code).toBe('invalid_request');
  }
});

test('fields that are not filled in count as absent', async () => {
  const { get } = await served();
  expect((await get('/v1/handset/messages?to=&limit=')).statusCode).toBe(200);
  expect((await get('/v1/handset/messages/next?to=&after=&wait=0')).statusCode).toBe(204);
});

test('live keys are refused, and so are requests without a key', async () => {
  const { app, get } = await served();
  for (const url of ['/v1/handset/messages', '/v1/handset/messages/next', '/v1/handset/events']) {
    const live = await get(url, { authorization: 'Bearer pb_live_1' });
    expect(live.headers['content-type']).toContain('application/problem+json');
    expect(live.json()).toMatchObject({ status: 403, code: 'forbidden', detail: 'This needs a test key.' });
    expect((await app.inject({ url })).json()).toMatchObject({ status: 401, code: 'unauthorized' });
    expect((await get(url, { authorization: 'Basic eA==' })).json()).toMatchObject({
      status: 401,
      code: 'unauthorized',
    });
  }
});

test('a key that is revoked during the wait reads nothing', async () => {
  const { get, submit, revoke } = await served();
  const waiting = get('/v1/handset/messages/next');
  await turn();
  revoke('pb_test_1');
  await submit('482913');
  expect((await waiting).json()).toMatchObject({ status: 401, code: 'unauthorized' });
});

test('events are told live, and resumed after the last one seen', async () => {
  const { events, submit } = await served();
  await submit('before');
  const live = await events();
  expect(live.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(await live.read()).toBe('retry: 1000');
  await submit('one');
  const first = await live.read();
  const id = /^event: message\nid: (msg_\S+)\ndata: (.*)$/.exec(first ?? '');
  expect(JSON.parse(id?.[2] ?? '')).toMatchObject({ id: id?.[1], text: 'one' });

  await submit('two');
  await submit('three');
  const resumed = await events({ 'last-event-id': id?.[1] ?? '' });
  await resumed.read();
  expect(await resumed.read()).toContain('"text":"two"');
  expect(await resumed.read()).toContain('"text":"three"');
});

test('a quiet stream says that it stands, and ends when the server closes', async () => {
  const { events, clock, app } = await served();
  const { read } = await events();
  await read();
  const quiet = read();
  for (let elapsed = 0; elapsed <= 15_000; elapsed += 250) {
    await turn();
    clock.advance(250);
  }
  expect(await quiet).toBe(': quiet');
  const end = read();
  await app.close();
  expect(await end).toBeNull();
});

test('a stream ends when its key is revoked, before the next message', async () => {
  const { events, submit, revoke } = await served();
  const { read } = await events();
  await read();
  revoke('pb_test_1');
  await submit('482913');
  expect(await read()).toBeNull();
});
