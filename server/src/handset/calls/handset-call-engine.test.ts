import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { idSource } from '../../values/id.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { systemRandom } from '../../values/random.ts';
import type { CallEvent } from '../../voice/calls/call-engine.ts';
import { callPlan } from '../../voice/scripted-call-engine.ts';
import { handsetCallEngine } from './handset-call-engine.ts';
import type { LiveCall } from './live-call.ts';

const forever = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

function phone(trouble: string | null = null) {
  const clock = new ManualClock();
  const watched = new Set<LiveCall>();
  const watch = (call: LiveCall) => void watched.add(call);
  const engine = handsetCallEngine({ clock, ids: idSource(clock, systemRandom()), watch, trouble: () => trouble });
  const place = (signal = forever, to = '+9779851023212') => {
    const events: CallEvent[] = [];
    const call = engine.place(callPlan(to), (event) => events.push(event), signal);
    return { call, events, kinds: () => events.map(({ kind }) => kind) };
  };
  return { clock, engine, place, watched };
}

test('nothing is told before the call is placed', async () => {
  const { place } = phone();
  for (const to of ['+9779851023212', '+9779851020011', '+9779851020013', '+9779851020014']) {
    const { events } = place(forever, to);
    expect(events).toEqual([]);
    await turn();
    expect(events.length).toBeGreaterThan(0);
  }
});

test('aborting hangs up, also before the phone rings', async () => {
  const { place } = phone();
  const controller = new AbortController();
  const ringing = place(controller.signal);
  await turn();
  const unborn = place(controller.signal);
  controller.abort();
  expect(ringing.kinds()).toEqual(['ringing', 'ended']);
  expect(unborn.kinds()).toEqual(['ended']);
  const late = place(controller.signal);
  await turn();
  for (const { events } of [ringing, unborn, late]) {
    expect(events.at(-1)).toMatchObject({ kind: 'ended', end: { outcome: 'cancelled' } });
  }
});

test('a call that has ended leaves nothing hanging on its signal', async () => {
  const { place } = phone();
  const { signal } = new AbortController();
  const { call } = place(signal);
  await turn();
  call.hangUp();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a thousand calls are taken at once, and a place that comes free is told of', async () => {
  const { engine, place } = phone();
  let freed = 0;
  engine.onFree(() => {
    freed += 1;
  });
  const calls = Array.from({ length: 1_000 }, () => place());
  expect(engine.status()).toEqual({ state: 'up', free: 0, trouble: null });
  const refused = place();
  await turn();
  expect(refused.events).toMatchObject([{ kind: 'ended', end: { outcome: 'failed', retry: 'elsewhere' } }]);
  calls[0]?.call.hangUp();
  calls[0]?.call.hangUp();
  expect(freed).toBe(1);
  expect(engine.status().free).toBe(1);
});

test('closing takes no more, waits for calls to end, then hangs up', async () => {
  const { engine, place, clock } = phone();
  const [one, other] = [place(), place()];
  await turn();
  const closed = engine.close(2_000);
  const late = place();
  await turn();
  expect(late.events).toMatchObject([{ kind: 'ended', end: { outcome: 'failed', retry: 'elsewhere' } }]);
  expect(engine.status()).toMatchObject({ state: 'down', free: 0 });
  one.call.hangUp();
  clock.advance(1_999);
  await turn();
  expect(other.kinds()).toEqual(['ringing']);
  clock.advance(1);
  await closed;
  expect(other.kinds()).toEqual(['ringing', 'ended']);
});

test('closing waits no longer than for the last call', async () => {
  const { engine, place } = phone();
  const { call } = place();
  await turn();
  const closed = engine.close(60_000);
  call.hangUp();
  await closed;
});

test('what keeps the phone from showing its calls is told as trouble', () => {
  expect(phone('The store is away.').engine.status()).toEqual({
    state: 'degraded',
    free: 1_000,
    trouble: 'The store is away.',
  });
});
