import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CURTAIN, type Cue, LISTEN_MS, type Move, type Performance, perform, REPEAT_PAUSE_MS } from './performance.ts';
import type { Script } from './script.ts';

const SCRIPT: Script<string> = {
  intro: ['hello'],
  code: ['your code is', '4', '8'],
  replayPrompt: ['press 1'],
  outro: ['goodbye'],
  maxReplays: 1,
  autoReplay: false,
};

const ANSWERED: Cue = { kind: 'answered' };
const PLAYED: Cue = { kind: 'played' };
const TIME_UP: Cue = { kind: 'time_up' };
const key = (key: string): Cue => ({ kind: 'key', key });
const INTRO = { kind: 'play', lines: SCRIPT.intro };
const CODE = { kind: 'play', lines: SCRIPT.code };
const PROMPT = { kind: 'play', lines: SCRIPT.replayPrompt };
const OUTRO = { kind: 'play', lines: SCRIPT.outro };
const LISTEN = { kind: 'wait', ms: LISTEN_MS };
const PAUSE = { kind: 'wait', ms: REPEAT_PAUSE_MS };
const HANG_UP = { kind: 'hang_up' };
const NONE = { kind: 'none' };

function performed(over: Partial<Script<string>>, cues: readonly Cue[]) {
  const script = { ...SCRIPT, ...over };
  const moves: Move<string>[] = [];
  let now: Performance = CURTAIN;
  for (const cue of cues) {
    const { next, move } = perform(script, now, cue);
    now = next;
    moves.push(move);
  }
  return { moves, now };
}

test('nobody presses a key: intro, code, prompt, time to think, outro, end', () => {
  const { moves, now } = performed({}, [ANSWERED, PLAYED, PLAYED, PLAYED, TIME_UP, PLAYED]);
  expect(moves).toEqual([INTRO, CODE, PROMPT, LISTEN, OUTRO, HANG_UP]);
  expect(now).toEqual({ scene: 'over', replays: 0, codesHeard: 1 });
});

test('key 1 while we listen starts the code again, and after the last replay nobody is asked again', () => {
  const { moves, now } = performed({}, [ANSWERED, PLAYED, PLAYED, PLAYED, key('1'), PLAYED, PLAYED]);
  expect(moves).toEqual([INTRO, CODE, PROMPT, LISTEN, CODE, OUTRO, HANG_UP]);
  expect(now).toEqual({ scene: 'over', replays: 1, codesHeard: 2 });
});

test('while replays are left, the prompt comes after each code', () => {
  const { moves } = performed({ maxReplays: 2 }, [
    ANSWERED,
    PLAYED,
    PLAYED,
    PLAYED,
    key('1'),
    PLAYED,
    key('1'),
    PLAYED,
  ]);
  expect(moves).toEqual([INTRO, CODE, PROMPT, LISTEN, CODE, PROMPT, CODE, OUTRO]);
});

test('key 1 cuts into the code and into the prompt', () => {
  const inCode = performed({ maxReplays: 2 }, [ANSWERED, PLAYED, key('1'), key('1'), PLAYED]);
  expect(inCode.moves).toEqual([INTRO, CODE, CODE, CODE, OUTRO]);
  expect(inCode.now).toEqual({ scene: 'outro', replays: 2, codesHeard: 1 });
  const inPrompt = performed({}, [ANSWERED, PLAYED, PLAYED, key('1')]);
  expect(inPrompt.moves).toEqual([INTRO, CODE, PROMPT, CODE]);
});

test('key 1 does nothing before the code has begun, with no replay left, or once the outro has begun', () => {
  expect(performed({}, [key('1'), ANSWERED, key('1'), PLAYED]).moves).toEqual([NONE, INTRO, NONE, CODE]);
  expect(performed({}, [ANSWERED, PLAYED, key('1'), key('1'), PLAYED]).moves).toEqual([INTRO, CODE, CODE, NONE, OUTRO]);
  expect(performed({ maxReplays: 0 }, [ANSWERED, PLAYED, key('1'), PLAYED, key('1'), PLAYED]).moves).toEqual([
    ...[INTRO, CODE, NONE, OUTRO, NONE, HANG_UP],
  ]);
  const inOutro = performed({}, [ANSWERED, PLAYED, PLAYED, PLAYED, TIME_UP, key('1'), PLAYED, key('1')]);
  expect(inOutro.moves).toEqual([INTRO, CODE, PROMPT, LISTEN, OUTRO, NONE, HANG_UP, NONE]);
});

test('other keys do nothing, nor do they give more time', () => {
  for (const other of ['0', '2', '9', '*', '#', 'A']) {
    const { moves } = performed({}, [ANSWERED, PLAYED, key(other), PLAYED, key(other), PLAYED, key(other), TIME_UP]);
    expect(moves).toEqual([INTRO, CODE, NONE, PROMPT, NONE, LISTEN, NONE, OUTRO]);
  }
});

test('without a prompt nothing is said, and the key works all the same', () => {
  const { moves } = performed({ replayPrompt: [] }, [ANSWERED, PLAYED, PLAYED, key('1'), PLAYED]);
  expect(moves).toEqual([INTRO, CODE, LISTEN, CODE, OUTRO]);
});

test('without replays nobody is asked and nobody is waited for', () => {
  expect(performed({ maxReplays: 0 }, [ANSWERED, PLAYED, PLAYED, PLAYED]).moves).toEqual([INTRO, CODE, OUTRO, HANG_UP]);
});

test('replays that come unasked are told apart by a pause, and no key hurries them', () => {
  const { moves, now } = performed({ maxReplays: 2, autoReplay: true }, [
    ...[ANSWERED, PLAYED, key('1'), PLAYED, key('1'), TIME_UP, PLAYED, TIME_UP, PLAYED, PLAYED],
  ]);
  expect(moves).toEqual([INTRO, CODE, NONE, PAUSE, NONE, CODE, PAUSE, CODE, OUTRO, HANG_UP]);
  expect(now).toEqual({ scene: 'over', replays: 2, codesHeard: 3 });
});

test('parts with nothing in them are passed over', () => {
  expect(performed({ intro: [], outro: [], maxReplays: 0 }, [ANSWERED, PLAYED]).moves).toEqual([CODE, HANG_UP]);
  expect(performed({ intro: [], code: [], maxReplays: 0 }, [ANSWERED]).moves).toEqual([OUTRO]);
});

test('cues that fit no scene change nothing', () => {
  expect(performed({}, [PLAYED, TIME_UP, ANSWERED, ANSWERED, TIME_UP, PLAYED, TIME_UP]).moves).toEqual([
    ...[NONE, NONE, INTRO, NONE, NONE, CODE, NONE],
  ]);
});

const part = (name: string) => fc.boolean().map((there) => (there ? [name] : []));
const scripts = fc.record<Script<string>>({
  intro: part('intro'),
  code: fc.constant(['code']),
  replayPrompt: part('prompt'),
  outro: part('outro'),
  maxReplays: fc.integer({ min: 0, max: 3 }),
  autoReplay: fc.boolean(),
});
const cues = fc.array(
  fc.constantFrom<Cue>(ANSWERED, PLAYED, PLAYED, PLAYED, TIME_UP, key('1'), key('1'), key('5'), key('#')),
  { maxLength: 60 },
);

test('whatever happens: at most one code more than replays, in order, one outro, one end, and always an end', () => {
  fc.assert(
    fc.property(scripts, cues, (script, chance) => {
      // However it goes on, silence and sound end in time: enough of both brings every performance to its end.
      const rest = Array.from({ length: 20 }, () => [PLAYED, TIME_UP]).flat();
      const { moves, now } = performed(script, [...chance, ANSWERED, ...rest]);
      const heard = moves.flatMap((move) => (move.kind === 'play' ? move.lines : []));
      const codes = heard.filter((line) => line === 'code').length;
      expect(codes).toBe(now.replays + 1);
      expect(now.replays).toBeLessThanOrEqual(script.maxReplays);
      if (script.autoReplay) expect(now.replays).toBe(script.maxReplays);
      expect(now.codesHeard).toBeGreaterThanOrEqual(1);
      expect(now.codesHeard).toBeLessThanOrEqual(codes);
      expect(heard.join(' ')).toMatch(/^(intro )?code( (prompt )?code)*( prompt)?( outro)?$/);
      expect(heard.filter((line) => line === 'outro')).toEqual(script.outro);
      expect(now.scene).toBe('over');
      expect(moves.filter((move) => move.kind === 'hang_up')).toHaveLength(1);
      expect(moves.findLast((move) => move.kind !== 'none')).toEqual(HANG_UP);
    }),
  );
});
