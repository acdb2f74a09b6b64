import type { Script } from './script.ts';

/** How long the callee may think about pressing 1, from the end of what was said. */
export const LISTEN_MS = 5_000;
/** Between a code and its unasked repetition: long enough to tell the last character from the first. */
export const REPEAT_PAUSE_MS = 1_000;

/** Where a performance stands. `intro`, `code`, `replay_prompt` and `outro` are playing; `listening` and `pausing` are silent. */
export type Scene =
  | 'ringing'
  | 'intro'
  | 'code'
  | 'replay_prompt'
  | 'listening'
  | 'pausing'
  | 'outro'
  /** The script is over: nothing moves it any more. */
  | 'over';

export interface Performance {
  readonly scene: Scene;
  /** How often the code began again, 0 … `maxReplays`. */
  readonly replays: number;
  /** How often the code was played to its end. */
  readonly codesHeard: number;
}

/** What happens on the stage. */
export type Cue =
  | { readonly kind: 'answered' }
  | { readonly kind: 'key'; readonly key: string }
  /** All that the last move played has been heard. */
  | { readonly kind: 'played' }
  /** The time that the last move waited for is over. */
  | { readonly kind: 'time_up' };

/** What is to be done. `play` and `wait` take the place of an earlier one; `none` leaves it as it is. */
export type Move<L> =
  | { readonly kind: 'play'; readonly lines: readonly L[] }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'hang_up' }
  | { readonly kind: 'none' };

export interface Step<L> {
  readonly next: Performance;
  readonly move: Move<L>;
}

/** Before the answer. */
export const CURTAIN: Performance = { scene: 'ringing', replays: 0, codesHeard: 0 };

/**
 * What the callee hears, as a pure function: intro and code once the call is answered, then replays, then the outro, then the end.
 * Each part is played by itself, so that it is known which one a key met; a part with nothing in it is passed over.
 *
 * The key 1 starts the code again while replays are left: during the code, the replay prompt, or while we listen. Before the code
 * has begun it is ignored, for there is nothing yet to hear again, and so it is once the outro has begun. Other keys are ignored.
 */
export function perform<L>(script: Script<L>, now: Performance, cue: Cue): Step<L> {
  switch (cue.kind) {
    case 'answered':
      return now.scene === 'ringing' ? intro(script, now) : stay(now);
    case 'key':
      return cue.key === '1' && mayReplay(script, now) ? replay(script, now) : stay(now);
    case 'played':
      return afterSound(script, now);
    case 'time_up':
      return afterSilence(script, now);
  }
}

function afterSound<L>(script: Script<L>, now: Performance): Step<L> {
  switch (now.scene) {
    case 'intro':
      return code(script, now);
    case 'code':
      return afterCode(script, { ...now, codesHeard: now.codesHeard + 1 });
    case 'replay_prompt':
      return listen(now);
    case 'outro':
      return end(now);
    case 'ringing':
    case 'listening':
    case 'pausing':
    case 'over':
      return stay(now);
  }
}

function afterSilence<L>(script: Script<L>, now: Performance): Step<L> {
  switch (now.scene) {
    case 'listening':
      return outro(script, now);
    case 'pausing':
      return replay(script, now);
    case 'ringing':
    case 'intro':
    case 'code':
    case 'replay_prompt':
    case 'outro':
    case 'over':
      return stay(now);
  }
}

function intro<L>(script: Script<L>, now: Performance): Step<L> {
  return script.intro.length === 0 ? code(script, now) : play('intro', script.intro, now);
}

function code<L>(script: Script<L>, now: Performance): Step<L> {
  return script.code.length === 0 ? afterCode(script, now) : play('code', script.code, now);
}

function afterCode<L>(script: Script<L>, now: Performance): Step<L> {
  if (now.replays >= script.maxReplays) return outro(script, now);
  if (script.autoReplay) return { next: { ...now, scene: 'pausing' }, move: { kind: 'wait', ms: REPEAT_PAUSE_MS } };
  return script.replayPrompt.length === 0 ? listen(now) : play('replay_prompt', script.replayPrompt, now);
}

function replay<L>(script: Script<L>, now: Performance): Step<L> {
  return code(script, { ...now, replays: now.replays + 1 });
}

function listen<L>(now: Performance): Step<L> {
  return { next: { ...now, scene: 'listening' }, move: { kind: 'wait', ms: LISTEN_MS } };
}

function outro<L>(script: Script<L>, now: Performance): Step<L> {
  return script.outro.length === 0 ? end(now) : play('outro', script.outro, now);
}

function end<L>(now: Performance): Step<L> {
  return { next: { ...now, scene: 'over' }, move: { kind: 'hang_up' } };
}

function play<L>(scene: Scene, lines: readonly L[], now: Performance): Step<L> {
  return { next: { ...now, scene }, move: { kind: 'play', lines } };
}

function stay<L>(next: Performance): Step<L> {
  return { next, move: { kind: 'none' } };
}

function mayReplay(script: Script<unknown>, { scene, replays }: Performance): boolean {
  if (script.autoReplay || replays >= script.maxReplays) return false;
  return scene === 'code' || scene === 'replay_prompt' || scene === 'listening';
}
