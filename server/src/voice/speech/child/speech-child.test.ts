import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { isError } from '../../../errors.ts';
import type { Log } from '../../../observe/log.ts';
import { ManualClock } from '../../../values/manual-clock.ts';
import { type SpeechChild, type SpeechChildLimits, speechChild } from './speech-child.ts';

const SCRIPT = new URL('./scripted-child.ts', import.meta.url);
const never = new AbortController().signal;

const open: SpeechChild<string>[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((child) => child.close()));
});

function start(arg = '', limits: Partial<SpeechChildLimits> = {}, clock = new ManualClock()) {
  const events: string[] = [];
  const waiting: { event: string; resolve: () => void }[] = [];
  const note = (event: string): void => {
    events.push(event);
    for (const one of waiting.filter((waiter) => waiter.event === event)) one.resolve();
  };
  const log: Log = { info: note, warn: note, error: note };
  const child = speechChild<string>({ name: 'test', script: SCRIPT, args: [arg], execArgv: [], clock, log, limits });
  open.push(child);
  return {
    child,
    clock,
    events,
    logged: (event: string) =>
      events.includes(event)
        ? Promise.resolve()
        : new Promise<void>((resolve) => {
            waiting.push({ event, resolve });
          }),
  };
}

const unavailable = (error: unknown): boolean => isError(error, 'unavailable') && error.detail.reason === 'speech';

test('utterances are said in order, by one process', async () => {
  const { child } = start();
  const said = await Promise.all([7, 8, 9].map((n) => child.say(`say ${n}`, never)));
  expect(said.map(({ samples }) => Array.from(samples))).toEqual([
    [7, 1],
    [8, 2],
    [9, 3],
  ]);
});

test('the process gets nothing of the environment', async () => {
  process.env['PASSBELL_TEST_SECRET'] = 'x';
  const { child } = start();
  const { samples } = await child.say('environment', never);
  delete process.env['PASSBELL_TEST_SECRET'];
  expect(samples[0]).toBe(0);
});

test('one that dies is started again, and what it was saying is said once more', async () => {
  const { child, clock, logged } = start();
  const lost = child.say('die', never);
  const other = child.say('say 5', never);
  await logged('speech_child_died');
  const dies = expect(lost).rejects.toThrow('died twice');
  clock.advance(100);
  await dies;
  clock.advance(200);
  expect(Array.from((await other).samples)).toEqual([5, 1]);
});

test('one that hangs is killed, and the next is said by another', async () => {
  const { child, clock } = start('', { sayMs: 1000 });
  await child.say('say 1', never);
  const hangs = expect(child.say('hang', never)).rejects.toThrow('too long');
  const next = child.say('say 2', never);
  clock.advance(1000);
  await hangs;
  expect(Array.from((await next).samples)).toEqual([2, 1]);
});

test('what it cannot say fails alone', async () => {
  const { child } = start();
  await expect(child.say('fail', never)).rejects.toThrow('cannot');
  await expect(child.say('nonsense', never)).rejects.toThrow('not sound');
  expect((await child.say('say 3', never)).samples[1]).toBe(3);
});

test('one that cannot start refuses at once, until it is tried again', async () => {
  const { child, clock, events, logged } = start('unusable');
  await expect(child.say('say 1', never)).rejects.toSatisfy(unavailable);
  await logged('speech_child_died');
  expect(events).toContain('speech_child_unusable');
  await expect(child.say('say 2', never)).rejects.toSatisfy(unavailable);
  expect(events.filter((event) => event === 'speech_child_unusable')).toHaveLength(1);
  clock.advance(100);
  await expect(child.say('say 3', never)).rejects.toSatisfy(unavailable);
  expect(events.filter((event) => event === 'speech_child_unusable')).toHaveLength(2);
});

test('one that never gets ready is killed', async () => {
  const { child, clock } = start('mute', { startMs: 1000 });
  const refused = expect(child.say('say 1', never)).rejects.toSatisfy(unavailable);
  clock.advance(1000);
  await refused;
});

test('what waits too long, or is one too many, is refused', async () => {
  const { child, clock } = start('mute', { waiting: 1, waitMs: 500, startMs: 60_000 });
  const first = expect(child.say('say 1', never)).rejects.toSatisfy(unavailable);
  await expect(child.say('say 2', never)).rejects.toSatisfy(unavailable);
  clock.advance(500);
  await first;
});

test('who gives up waiting is let go, and what is being said is not said again after a death', async () => {
  const { child, clock, logged } = start();
  await child.say('say 1', never);
  const gone = new AbortController();
  const given = expect(child.say('die', gone.signal)).rejects.toThrow('gone');
  const next = child.say('say 2', never);
  gone.abort(new Error('gone'));
  await given;
  await logged('speech_child_died');
  clock.advance(100);
  expect(Array.from((await next).samples)).toEqual([2, 1]);
});

test('one with nothing to do is ended, and started again when there is', async () => {
  const { child, clock, events } = start('', { idleMs: 1000 });
  await child.say('say 1', never);
  clock.advance(1000);
  expect(Array.from((await child.say('say 2', never)).samples)).toEqual([2, 1]);
  expect(events).toEqual([]);
});

test('closing refuses what waits, and leaves no process', async () => {
  const { child } = start();
  await child.say('say 1', never);
  const refused = expect(child.say('hang', never)).rejects.toSatisfy(unavailable);
  await turn();
  await child.close();
  await refused;
  await expect(child.say('say 2', never)).rejects.toSatisfy(unavailable);
});

test('a child ends when its parent goes without a word', async () => {
  const orphan = fork(fileURLToPath(SCRIPT), [''], {
    env: {},
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(orphan, 'message');
  orphan.disconnect();
  expect(await once(orphan, 'exit')).toEqual([0, null]);
});
