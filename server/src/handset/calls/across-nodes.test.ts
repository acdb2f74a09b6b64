import { expect, test } from 'vitest';
import { forever, heard, house, MINE } from './calls-rig.ts';

test('another node shows the call, steers it and plays it', async () => {
  const { calls, node, rung, pass, until } = house();
  const other = node();
  const id = await rung();
  const waiting = other.next(MINE, null, '0', 1_000, forever);
  expect(await waiting).toMatchObject({ id, state: 'ringing' });
  expect(await until(other.act(MINE, id, { kind: 'answer' }))).toMatchObject({ id, state: 'answered' });
  await pass(1_200);
  expect(await until(other.act(MINE, id, { kind: 'keys', digits: '12' }))).toMatchObject({ keys: '12' });
  const conflict = { code: 'conflict', detail: { reason: 'it_is_answered_already' } };
  await expect(until(other.act(MINE, id, { kind: 'answer' }))).rejects.toMatchObject(conflict);
  expect(heard(await until(other.audio(MINE, id))).slice(0, 2)).toEqual([
    [1_000, 400],
    [2_000, 800],
  ]);
  expect(await until(other.act(MINE, id, { kind: 'hang_up' }))).toMatchObject({ state: 'ended' });
  const [here, there] = [calls.audio(MINE, id), other.audio(MINE, id)];
  expect(await until(there)).toEqual(await here);
});

test('nothing is left of what nodes asked of each other', async () => {
  const { node, rung, until, store } = house();
  const other = node();
  const id = await rung();
  await until(other.act(MINE, id, { kind: 'answer' }));
  expect(await store.handsetCalls.sweep(Number.POSITIVE_INFINITY, 10)).toBe(1);
});

test('a key is pressed once, also when the answer to another node could not be saved', async () => {
  const { node, rung, until, store, calls } = house();
  const other = node();
  const id = await rung();
  await calls.act(MINE, id, { kind: 'answer' });
  const { answer } = store.handsetCalls;
  let failures = 3;
  store.handsetCalls.answer = async (...args) => {
    if (failures-- > 0) throw new Error('the store stumbled');
    return answer(...args);
  };
  expect(await until(other.act(MINE, id, { kind: 'keys', digits: '7' }))).toMatchObject({ keys: '7' });
  expect(failures).toBe(-1);
});

test('a node that does not answer is waited for in vain, and nothing is left asked', async () => {
  const { node, rung, until, calls, store } = house();
  const id = await rung();
  store.handsetCalls.asked = async () => [];
  const other = node();
  await expect(until(other.act(MINE, id, { kind: 'answer' }))).rejects.toMatchObject({ code: 'unavailable' });
  await calls.act(MINE, id, { kind: 'answer' });
  await expect(until(other.audio(MINE, id))).rejects.toMatchObject({ code: 'unavailable' });
  await calls.act(MINE, id, { kind: 'hang_up' });
  await expect(until(other.audio(MINE, id))).rejects.toMatchObject({ code: 'not_found', detail: { what: 'audio' } });
  expect(await store.handsetCalls.sweep(Number.POSITIVE_INFINITY, 10)).toBe(1);
});

test('a call whose node is gone is over when it would have been, and says why', async () => {
  const { node, calls, rung, clock, store } = house();
  const id = await rung();
  const other = node();
  store.handsetCalls.put = async () => {
    throw new Error('gone');
  };
  await calls.close();
  clock.advance(65_000);
  expect((await other.call(MINE, id)).state).toBe('ringing');
  clock.advance(1);
  expect(await other.call(MINE, id)).toMatchObject({ state: 'ended', end: { outcome: 'failed' } });
  await expect(other.act(MINE, id, { kind: 'answer' })).rejects.toMatchObject({ code: 'conflict' });
});

test('where one process is alone, calls from before its start are over at once', async () => {
  const { node, rung, store, calls } = house({ alone: true });
  const id = await rung();
  await calls.act(MINE, id, { kind: 'answer' });
  store.handsetCalls.put = async () => {};
  const next = node();
  expect(await next.call(MINE, id)).toMatchObject({ state: 'ended', end: { outcome: 'failed' } });
  await expect(next.audio(MINE, id)).rejects.toMatchObject({ code: 'not_found', detail: { what: 'audio' } });
});
