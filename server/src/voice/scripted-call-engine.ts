import type { Clip } from './audio/clip.ts';
import { makeClip } from './audio/make-clip.ts';
import type { CallEnd, CallEvent, CallPlan } from './calls/call-engine.ts';

/** A call whose far end is the test. */
export interface ScriptedCall {
  readonly plan: CallPlan;
  /** What was asked of the call, in order. */
  readonly asked: readonly (readonly Clip[] | 'hang up')[];
  /** Tells what happens to it. */
  tell(event: CallEvent): void;
}

export const BYE: CallEnd = { outcome: 'completed', sipStatus: null, reason: '', cause: null, retry: 'never' };

/** The engine's `place`, for tests: `calls` holds what was placed. Nothing happens by itself, but that an abort ends the call. */
export function scriptedCallEngine() {
  const calls: ScriptedCall[] = [];
  return {
    calls,
    place(plan: CallPlan, tell: (event: CallEvent) => void, signal: AbortSignal) {
      const asked: (readonly Clip[] | 'hang up')[] = [];
      calls.push({ plan, asked, tell });
      signal.addEventListener('abort', () => asked.push('hang up'), { once: true });
      return {
        play: (clips: readonly Clip[]) => void asked.push(clips),
        hangUp: () => void asked.push('hang up'),
      };
    },
  };
}

/** A clip of `ms` of one amplitude that says `words`, for tests. */
export function exampleClip(words: string, ms: number, amplitude = 0): Clip {
  return { ...makeClip(new Int16Array(ms * 8).fill(amplitude)), words };
}

/** A call to `to`, for tests. */
export function callPlan(to: string, over: Partial<CallPlan> = {}): CallPlan {
  return {
    ...{ id: 'delivery-1', accountId: 'account-1', to, from: '+9771500000', anonymous: false },
    ...{ ringMs: 60_000, talkMs: 300_000 },
    ...over,
  };
}
