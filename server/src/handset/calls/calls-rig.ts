import { type Log, silentLog } from '../../observe/log.ts';
import { idSource } from '../../values/id.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { systemRandom } from '../../values/random.ts';
import type { Clip } from '../../voice/audio/clip.ts';
import { converse } from '../../voice/conversation.ts';
import type { Script } from '../../voice/script.ts';
import { callPlan, exampleClip } from '../../voice/scripted-call-engine.ts';
import { glassVault } from '../glass-vault.ts';
import type { HandsetCalls } from './handset-calls.ts';
import { memoryHandsetCallStore } from './memory-handset-call-store.ts';
import { openHandsetCalls } from './sandbox-calls.ts';

export const forever = new AbortController().signal;
export const turn = () => new Promise((resolve) => setImmediate(resolve));
export const MINE = 'account-1';
export const ANYONE = '+9779851023212';

const script: Script<Clip> = {
  intro: [exampleClip('Hello.', 400, 1_000)],
  code: [exampleClip('Your code is', 800, 2_000), exampleClip('4', 300, 3_000), exampleClip('8', 300, 4_000)],
  replayPrompt: [exampleClip('Press 1 to hear it again.', 1_200, 5_000)],
  outro: [exampleClip('Goodbye.', 500, 6_000)],
  maxReplays: 2,
  autoReplay: false,
};

/** The calls of the sandbox phone over a store in memory, for tests: `node` opens further nodes over the same. */
export function house({ alone = false, log = silentLog }: { alone?: boolean; log?: Log } = {}) {
  const clock = new ManualClock();
  const store = memoryHandsetCallStore();
  const ids = idSource(clock, systemRandom());
  const node = () => openHandsetCalls({ store, vault: glassVault, clock, ids, log, alone });
  const calls = node();

  const conversation = (to = ANYONE, at: HandsetCalls = calls, accountId = MINE) => {
    const plan = callPlan(to, { accountId });
    return converse({ engine: at.engine, plan, script, clock, signal: forever, onAnswered: () => {} });
  };

  /** Lets a phone ring; its call's id, once it can be seen. */
  async function rung(to = ANYONE, at: HandsetCalls = calls, accountId = MINE): Promise<string> {
    void conversation(to, at, accountId);
    await turn();
    return (await at.calls(accountId, to, 1))[0]?.id ?? 'none';
  }

  /** Moves time on, with room for what is saved and asked between. */
  async function pass(ms: number, step = 50): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      clock.advance(Math.min(step, ms - passed));
      await turn();
    }
  }

  /** Moves time on until `promise` settles. */
  async function until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = promise.finally(() => {
      settled = true;
    });
    done.catch(() => {});
    while (!settled) await pass(50);
    return done;
  }

  return { clock, store, node, calls, conversation, rung, pass, until };
}

/** The amplitudes that follow one another in a WAV file, and for how many ms: to the nearest thousand, which A-law leaves as it is. */
export function heard(wav: Uint8Array): readonly (readonly [amplitude: number, ms: number])[] {
  const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length));
  const runs: [number, number][] = [];
  for (const sample of samples) {
    const amplitude = Math.round(sample / 1_000) * 1_000;
    const last = runs.at(-1);
    if (last?.[0] === amplitude) last[1] += 1 / 8;
    else runs.push([amplitude, 1 / 8]);
  }
  return runs;
}
