import { afterEach, expect, test } from 'vitest';
import { callPlan, exampleClip } from '../voice/scripted-call-engine.ts';
import { OWN, SIGNED_IN, servedConsole } from './console-rig.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const signedIn = { ...OWN, ...SIGNED_IN };
const undo: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function served() {
  const rig = await servedConsole();
  undo.push(rig.close);

  /** Lets the phone of an account ring; the id of the call. */
  async function ring(accountId = 'account-1'): Promise<string> {
    const plan = callPlan('+9779851023212', { accountId });
    rig.handsetCalls.engine.place(plan, () => {}, new AbortController().signal).play([exampleClip('4 8', 500)]);
    await turn();
    const [call] = await rig.handsetCalls.calls(accountId, null, 1);
    return `call_${call?.id}`;
  }

  const act = (id: string, what: string, body?: object) => rig.post(`calls/${id}/${what}`, body, signedIn);
  return { ...rig, ring, act };
}

test('a call is answered, takes keys and is hung up', async () => {
  const { get, act, ring, clock } = await served();
  const id = await ring();
  expect((await get('calls?limit=1')).json()).toMatchObject({ data: [{ id, state: 'ringing' }] });
  expect((await act(id, 'answer')).json()).toMatchObject({ id, state: 'answered' });
  expect((await act(id, 'keys', { digits: '1' })).json()).toMatchObject({ keys: '1' });
  clock.advance(500);
  expect((await get(`calls/${id}`)).json()).toMatchObject({ transcript: '4 8' });
  expect((await act(id, 'hangup')).json()).toMatchObject({ state: 'ended', outcome: 'completed' });
  expect((await get(`calls/${id}`)).json()).toMatchObject({ id, state: 'ended', keys: '1' });
  const wav = await get(`calls/${id}/audio.wav`);
  expect(wav.headers).toMatchObject({ 'content-type': 'audio/wav', 'cache-control': 'no-store' });
  expect(wav.rawPayload).toHaveLength(44 + 500 * 16);
});

test('a call is declined, and then cannot be answered', async () => {
  const { act, ring } = await served();
  const id = await ring();
  expect((await act(id, 'reject')).json()).toMatchObject({ state: 'ended', outcome: 'rejected' });
  expect((await act(id, 'answer')).json()).toMatchObject({ status: 409, code: 'conflict' });
});

test('pages of other origins can do nothing with a call, nor can those who are not signed in', async () => {
  const { get, post, ring } = await served();
  const id = await ring();
  for (const what of ['answer', 'reject', 'hangup', 'keys']) {
    const path = `calls/${id}/${what}`;
    for (const foreign of [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
      const answer = await post(path, { digits: '1' }, { ...SIGNED_IN, ...foreign });
      expect(answer.json()).toMatchObject({ status: 403, code: 'forbidden' });
    }
    expect((await post(path, {}, OWN)).statusCode).toBe(401);
  }
  expect((await get(`calls/${id}`)).json()).toMatchObject({ state: 'ringing' });
});

test('the calls of other accounts are not there', async () => {
  const { get, act, ring } = await served();
  const id = await ring('account-2');
  expect((await get('calls')).json()).toEqual({ data: [] });
  const answers = [await get(`calls/${id}`), await get(`calls/${id}/audio.wav`), await act(id, 'answer')];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
});

test('what happens to a call is told as it happens', async () => {
  const { app, act, ring } = await served();
  const { read } = await (async () => {
    const answer = await app.inject({ url: '/console/api/events', headers: SIGNED_IN, payloadAsStream: true });
    const chunks = answer.stream().setEncoding('utf8')[Symbol.asyncIterator]();
    return { read: async (): Promise<string> => (await chunks.next()).value ?? '' };
  })();
  expect(await read()).toContain('retry:');
  const id = await ring();
  expect(await read()).toMatch(/^event: call\n[\s\S]*"ringing"/);
  await act(id, 'answer');
  expect(await read()).toMatch(/^event: call\n[\s\S]*"answered"/);
});
