import { expect, test } from 'vitest';
import type { Clock } from '../../values/clock.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import type { CallEvent } from '../../voice/calls/call-engine.ts';
import { callPlan, exampleClip } from '../../voice/scripted-call-engine.ts';
import { callOf } from './call-record.ts';
import { type LiveCall, liveCall } from './live-call.ts';

const ANYONE = '+9779851023212';

function ringing(to = ANYONE, onEvent: (event: CallEvent, call: LiveCall) => void = () => {}) {
  const clock = new ManualClock();
  const start = clock.now();
  const events: CallEvent[] = [];
  let changes = 0;
  const call: LiveCall = liveCall({
    id: 'call-1',
    plan: callPlan(to, { ringMs: 30_000, talkMs: 60_000 }),
    clock,
    tell(event) {
      events.push(event);
      onEvent(event, call);
    },
    changed: () => {
      changes += 1;
    },
  });
  call.begin();
  const kinds = () => events.map(({ kind }) => kind);
  const end = () => events.find((event) => event.kind === 'ended');
  const view = () => callOf(call.id, call.record, clock.now(), false);
  return { clock, start, events, call, kinds, end, view, changes: () => changes };
}

test('a phone that nobody answers rings until its time is up', () => {
  const { clock, start, kinds, end, view } = ringing();
  clock.advance(29_999);
  expect(kinds()).toEqual(['ringing']);
  expect(view()).toMatchObject({ state: 'ringing', answeredAt: null, endedAt: null, end: null });
  clock.advance(1);
  expect(end()).toMatchObject({ at: start + 30_000, end: { outcome: 'cancelled', sipStatus: 487 } });
  expect(view()).toMatchObject({ state: 'ended', end: { outcome: 'cancelled', sipStatus: 487 } });
});

test('answered, it plays for as long as the clips last, and says so', () => {
  const { clock, call, start, events, view } = ringing();
  clock.advance(1_000);
  expect(call.act({ kind: 'answer' })).toBeNull();
  call.play([exampleClip('your code is', 900), exampleClip('4', 300.5)]);
  clock.advance(899);
  expect(view()).toMatchObject({ state: 'answered', transcript: 'your code is', answeredAt: start + 1_000 });
  clock.advance(301);
  expect(view().transcript).toBe('your code is 4');
  expect(events).toHaveLength(2);
  clock.advance(1);
  expect(events.slice(1)).toEqual([
    { kind: 'answered', at: start + 1_000 },
    { kind: 'played', at: start + 2_201 },
  ]);
  expect(call.sound()).toHaveLength(1_201 * 8);
});

test('what was to be played before the answer is heard from the answer on', () => {
  const { clock, call, kinds, view } = ringing();
  call.play([exampleClip('early', 500)]);
  clock.advance(5_000);
  expect(kinds()).toEqual(['ringing']);
  call.act({ kind: 'answer' });
  clock.advance(500);
  expect(kinds()).toEqual(['ringing', 'answered', 'played']);
  expect(view().transcript).toBe('early');
});

test('playing anew, or nothing, ends what was playing without a word', () => {
  const { clock, call, kinds, view } = ringing();
  call.act({ kind: 'answer' });
  call.play([exampleClip('one', 500), exampleClip('two', 500)]);
  clock.advance(100);
  call.play([exampleClip('three', 1_000)]);
  clock.advance(999);
  expect(kinds()).toEqual(['ringing', 'answered']);
  call.play([]);
  clock.advance(5_000);
  expect(kinds()).toEqual(['ringing', 'answered']);
  expect(view().transcript).toBe('one three');
});

test('a timer that is a hair early takes nothing off the end of what was heard', () => {
  const manual = new ManualClock();
  const early: Clock = {
    now: () => manual.now(),
    elapsed: () => manual.elapsed(),
    after: (ms, run) => manual.after(ms - 1, run),
  };
  const plan = callPlan(ANYONE);
  const call: LiveCall = liveCall({
    ...{ id: 'call-1', plan, clock: early, changed: () => {} },
    tell: ({ kind }) => {
      if (kind === 'played') call.play([exampleClip('two', 100)]);
    },
  });
  call.act({ kind: 'answer' });
  call.play([exampleClip('one', 100)]);
  manual.advance(99);
  expect(call.record.words).toEqual([
    [0, 'one'],
    [100, 'two'],
  ]);
});

test('each key is told once, and those after the end of the call are not', () => {
  const { call, kinds, view } = ringing(ANYONE, (event, call) => {
    if (event.kind === 'key' && event.key === '#') call.hangUp();
  });
  call.act({ kind: 'answer' });
  expect(call.act({ kind: 'keys', digits: '1#22' })).toBeNull();
  expect(kinds()).toEqual(['ringing', 'answered', 'key', 'key', 'ended']);
  expect(view()).toMatchObject({ keys: '1#22', state: 'ended' });
});

test('nobody presses keys without end', () => {
  const { call, view } = ringing();
  call.act({ kind: 'answer' });
  for (let i = 0; i < 8; i++) expect(call.act({ kind: 'keys', digits: '5'.repeat(32) })).toBeNull();
  expect(call.act({ kind: 'keys', digits: '1' })).toBe('it_takes_256_keys_and_no_more');
  expect(view().keys).toHaveLength(256);
});

test('hung up by either side: the end is completed, and the sound ends there', () => {
  for (const hangUp of [(call: LiveCall) => call.hangUp(), (call: LiveCall) => call.act({ kind: 'hang_up' })]) {
    const { clock, call, end, view } = ringing();
    call.act({ kind: 'answer' });
    call.play([exampleClip('one', 100), exampleClip('never', 100)]);
    clock.advance(60);
    hangUp(call);
    clock.advance(10_000);
    expect(end()?.end).toMatchObject({ outcome: 'completed', sipStatus: null });
    expect(call.sound()).toHaveLength(480);
    expect(view()).toMatchObject({ transcript: 'one', state: 'ended' });
  }
});

test('rejecting is a no, and calling off before the answer is a cancel', () => {
  const rejected = ringing();
  expect(rejected.call.act({ kind: 'reject' })).toBeNull();
  expect(rejected.end()?.end).toMatchObject({ outcome: 'rejected', sipStatus: 603 });
  const cancelled = ringing();
  cancelled.call.hangUp();
  expect(cancelled.end()?.end).toMatchObject({ outcome: 'cancelled', sipStatus: 487 });
});

test('a call may last so long and no longer', () => {
  const { clock, call, start, end } = ringing();
  clock.advance(10_000);
  call.act({ kind: 'answer' });
  clock.advance(60_000);
  expect(end()).toMatchObject({ at: start + 70_000, end: { outcome: 'completed' } });
});

test('what the state does not allow is refused, with what to do instead, and changes nothing', () => {
  const { call, kinds } = ringing();
  expect(call.act({ kind: 'hang_up' })).toBe('it_still_rings_so_reject_it_instead');
  expect(call.act({ kind: 'keys', digits: '1' })).toBe('it_still_rings_so_answer_it_first');
  call.act({ kind: 'answer' });
  expect(call.act({ kind: 'answer' })).toBe('it_is_answered_already');
  expect(call.act({ kind: 'reject' })).toBe('it_is_answered_so_hang_up_instead');
  expect(kinds()).toEqual(['ringing', 'answered']);
  call.act({ kind: 'hang_up' });
  const acts = [{ kind: 'answer' }, { kind: 'reject' }, { kind: 'hang_up' }, { kind: 'keys', digits: '1' }] as const;
  for (const act of acts) expect(call.act(act)).toBe('it_has_ended');
});

test('the endings of the number make the phone misbehave', () => {
  const busy = ringing('+9779851020011');
  expect(busy.kinds()).toEqual(['ended']);
  expect(busy.end()?.end).toMatchObject({ outcome: 'rejected', sipStatus: 486 });

  const silent = ringing('+9779851020012');
  expect(silent.call.act({ kind: 'answer' })).toBe('the_phone_at_this_number_never_answers');
  silent.clock.advance(30_000);
  expect(silent.end()?.end.outcome).toBe('cancelled');

  const unwilling = ringing('+9779851020013');
  expect(unwilling.kinds()).toEqual(['ringing', 'ended']);
  expect(unwilling.end()?.end).toMatchObject({ outcome: 'rejected', sipStatus: 603 });
});

test('the phone that answers at once presses 1 once, when it has been quiet for a second', () => {
  const { clock, call, kinds } = ringing('+9779851020014', (event, call) => {
    if (event.kind === 'answered') call.play([exampleClip('one', 2_000)]);
  });
  expect(kinds()).toEqual(['ringing', 'answered']);
  clock.advance(2_500);
  call.play([exampleClip('two', 1_000)]);
  clock.advance(1_999);
  expect(kinds().filter((kind) => kind === 'key')).toEqual([]);
  clock.advance(1);
  expect(kinds().at(-1)).toBe('key');
  call.play([exampleClip('three', 1_000)]);
  clock.advance(10_000);
  expect(kinds().filter((kind) => kind === 'key')).toHaveLength(1);
});
