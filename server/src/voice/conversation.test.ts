import { expect, test } from 'vitest';
import { ManualClock } from '../values/manual-clock.ts';
import type { Clip } from './audio/clip.ts';
import type { CallEnd, CallEvent } from './calls/call-engine.ts';
import { converse } from './conversation.ts';
import { LISTEN_MS } from './performance.ts';
import type { Script } from './script.ts';
import { BYE, callPlan, exampleClip, scriptedCallEngine } from './scripted-call-engine.ts';

const SCRIPT: Script<Clip> = {
  intro: [exampleClip('hello', 400)],
  code: [exampleClip('4', 300), exampleClip('8', 300)],
  replayPrompt: [exampleClip('press 1', 500)],
  outro: [exampleClip('bye', 200)],
  maxReplays: 1,
  autoReplay: false,
};

function placed(script: Script<Clip> = SCRIPT) {
  const clock = new ManualClock();
  const engine = scriptedCallEngine();
  const controller = new AbortController();
  const answers: number[] = [];
  const plan = callPlan('+9779851023212');
  const onAnswered = (_ringingAt: number | null, at: number) => void answers.push(at);
  const result = converse({ engine, plan, script, clock, signal: controller.signal, onAnswered });
  const [call] = engine.calls;
  if (call === undefined) throw new Error('no call was placed');
  const tell = (...kinds: ('ringing' | 'answered' | 'played')[]) => {
    for (const kind of kinds) call.tell({ kind, at: clock.now() });
  };
  const press = (key: string) => call.tell({ kind: 'key', key, at: clock.now() });
  const ended = (end: CallEnd = BYE) => call.tell({ kind: 'ended', at: clock.now(), end } satisfies CallEvent);
  return { clock, call, controller, answers, result, tell, press, ended, plan };
}

test('the script is played to whoever answers, and the call is ended after it', async () => {
  const { clock, call, result, tell, ended, answers, plan } = placed();
  const start = clock.now();
  clock.advance(100);
  tell('ringing');
  clock.advance(2_000);
  tell('answered');
  expect(answers).toEqual([start + 2_100]);
  tell('played', 'played', 'played');
  expect(call.asked).toEqual([SCRIPT.intro, SCRIPT.code, SCRIPT.replayPrompt]);
  clock.advance(LISTEN_MS - 1);
  expect(call.asked).toHaveLength(3);
  clock.advance(1);
  tell('played');
  expect(call.asked.slice(3)).toEqual([SCRIPT.outro, 'hang up']);
  ended();
  expect(call.plan).toBe(plan);
  expect(await result).toEqual({
    ...{ ringingAt: start + 100, answeredAt: start + 2_100, endedAt: clock.now() },
    ...{ replays: 0, keys: 0, heardCode: true, end: BYE },
  });
});

test('key 1 brings the code again, and the next time to think is a whole one', async () => {
  const { clock, call, result, tell, press, ended } = placed({ ...SCRIPT, maxReplays: 2 });
  tell('ringing', 'answered', 'played', 'played', 'played');
  clock.advance(LISTEN_MS - 1);
  press('7');
  press('1');
  tell('played', 'played');
  clock.advance(LISTEN_MS - 1);
  const { intro, code, replayPrompt, outro } = SCRIPT;
  expect(call.asked).toEqual([intro, code, replayPrompt, code, replayPrompt]);
  clock.advance(1);
  tell('played');
  ended();
  expect(call.asked.slice(5)).toEqual([outro, 'hang up']);
  expect(await result).toMatchObject({ replays: 1, keys: 2, heardCode: true });
});

test('a callee who hangs up in the middle of the code has not heard it', async () => {
  const { call, result, tell, ended } = placed();
  tell('ringing', 'answered', 'played');
  ended();
  expect(call.asked).toEqual([SCRIPT.intro, SCRIPT.code]);
  expect(await result).toMatchObject({ heardCode: false, replays: 0 });
});

test('a call that nobody answers plays nothing', async () => {
  const { call, result, tell, ended, answers } = placed();
  const end: CallEnd = { outcome: 'rejected', sipStatus: 486, reason: 'Busy Here', cause: 17, retry: 'never' };
  tell('ringing');
  ended(end);
  expect(answers).toEqual([]);
  expect(call.asked).toEqual([]);
  expect(await result).toMatchObject({ answeredAt: null, heardCode: false, end });
});

test('an end while we listen leaves no timer behind', async () => {
  const { clock, call, result, tell, ended } = placed();
  tell('answered', 'played', 'played', 'played');
  ended();
  await result;
  clock.advance(LISTEN_MS);
  expect(call.asked).toEqual([SCRIPT.intro, SCRIPT.code, SCRIPT.replayPrompt]);
});

test('aborting hangs up, and the end is waited for', async () => {
  const { call, controller, result, tell, ended } = placed();
  tell('ringing');
  controller.abort();
  expect(call.asked).toEqual(['hang up']);
  ended({ ...BYE, outcome: 'cancelled', sipStatus: 487 });
  expect((await result).end.outcome).toBe('cancelled');
});
