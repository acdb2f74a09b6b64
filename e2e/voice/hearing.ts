import { join } from 'node:path';
import { expect } from 'vitest';
import { silentLog } from '../../server/src/observe/log.ts';
import { systemClock } from '../../server/src/values/clock.ts';
import { SAMPLE_RATE } from '../../server/src/voice/audio/clip.ts';
import { clipFiles } from '../../server/src/voice/speech/clip-files.ts';
import { clipMemory } from '../../server/src/voice/speech/clip-memory.ts';
import { openSpeech } from '../../server/src/voice/speech/speech.ts';
import type { SpeechEngine, Voice } from '../../server/src/voice/speech/speech-engine.ts';
import { spell } from '../../server/src/voice/spelling/spell.ts';
import { allMatches, bestMatch } from '../peers/correlate.ts';
import type { Sound } from '../peers/wav.ts';

/** Knows the sounds that a service has kept for the characters of its codes, and listens for them in what a callee heard. */
export interface Ear {
  /**
   * Fails unless the whole code is heard so often: each character correlates with its own kept sound by 0.9 or more, at its own distance
   * from the first one, and at no other place.
   */
  hears(sound: Sound, code: string, voice: Voice, times?: number): Promise<void>;
  close(): Promise<void>;
}

/** Between two characters of a code, samples. */
const PAUSE = 0.35 * SAMPLE_RATE;
/** Three packets, which a telephone's jitter buffer may put in or leave out. */
const TOLERANCE = 0.06 * SAMPLE_RATE;

// No word sounds twice the same from espeak-ng, whose voices waver on and on: what was spoken for the call has to be there already.
const saysNothingNew: SpeechEngine = {
  name: 'espeak-ng',
  speaks: () => true,
  say: () => Promise.reject(new Error('it was not kept')),
  close: async () => {},
};

function openEar(data: string): Ear {
  const deps = { clock: systemClock, log: silentLog };
  const files = clipFiles({ dir: join(data, 'speech'), ...deps });
  const speech = openSpeech({ engines: [saysNothingNew], memory: clipMemory(), files, ...deps });

  async function clips(code: string, voice: Voice): Promise<readonly Int16Array[]> {
    const names = spell(code, voice.locale);
    const kept = await Promise.all(names.map((text) => speech.clip({ kind: 'text', text }, voice, 'disk')));
    return kept.map(({ pcm }) => pcm);
  }

  return {
    async hears({ rate, samples }, code, voice, times = 1) {
      expect(rate).toBe(SAMPLE_RATE);
      const spoken = await clips(code, voice);
      const places = new Map([...new Set(spoken)].map((clip) => [clip, allMatches(samples, clip).map(placeOf)]));
      const asOften = [...places].every(
        ([clip, found]) => found.length === times * spoken.filter((one) => one === clip).length,
      );
      const codes = inOrder(spoken, places);
      if (codes !== times || !asOften) {
        const best = spoken.map((clip) => bestMatch(samples, clip));
        const found = JSON.stringify([...places.values()]);
        expect.fail(
          `${code} by ${voice.name}: ${codes} times, not ${times}; ${found}, at best ${JSON.stringify(best)}`,
        );
      }
      // The control: in another order it is not there.
      if (places.size > 1) expect(inOrder(spoken.toReversed(), places)).toBe(0);
    },
    close: () => speech.close(),
  };
}

/** @param data the folder of the service whose codes were heard */
export async function listen(data: string, hear: (ear: Ear) => Promise<void>): Promise<void> {
  const ear = openEar(data);
  await hear(ear).finally(() => ear.close());
}

function placeOf({ offset }: { readonly offset: number }): number {
  return offset;
}

/** How often the clips stand one after another, a pause between each two. */
function inOrder(clips: readonly Int16Array[], places: ReadonlyMap<Int16Array, readonly number[]>): number {
  const distances: number[] = [];
  let end = 0;
  for (const { length } of clips) {
    distances.push(end);
    end += length + PAUSE;
  }
  const [first = new Int16Array()] = clips;
  const begins = places.get(first) ?? [];
  return begins.filter((start) =>
    clips.every((clip, i) => places.get(clip)?.some((at) => Math.abs(at - start - (distances[i] ?? 0)) <= TOLERANCE)),
  ).length;
}
