import { type Clip, clipMs } from '../voice/audio/clip.ts';
import { LISTEN_MS, REPEAT_PAUSE_MS } from '../voice/performance.ts';
import type { Script } from '../voice/script.ts';
import type { SpokenCall } from '../voice/spoken-call.ts';
import type { CallJob } from './job.ts';

/** For the far end to hang up, and for what is not counted: a call that does not end by itself ends here. */
const SLACK_MS = 10_000;
const LONGEST_TALK_MS = 600_000;

export type ReadyCall = Pick<CallJob, 'plan' | 'script' | 'expiresAt'>;

/** A call that can be placed: its script can be played as it is. */
export function readyCall(
  whose: {
    readonly accountId: string;
    readonly deliveryId: string;
    /** E.164 with `+`. */
    readonly to: string;
    readonly expiresAt: number;
  },
  { from, anonymous, ringMs }: SpokenCall,
  script: Script<Clip>,
): ReadyCall {
  const { accountId, deliveryId: id, to, expiresAt } = whose;
  return { plan: { id, accountId, to, from, anonymous, ringMs, talkMs: longestTalk(script) }, script, expiresAt };
}

/** How long a callee who uses every replay, each at the last moment, is spoken to. */
function longestTalk(script: Script<Clip>): number {
  const rounds = script.maxReplays + 1;
  const between = Math.max(LISTEN_MS, REPEAT_PAUSE_MS);
  const spoken =
    playMs(script.intro) +
    playMs(script.outro) +
    rounds * (playMs(script.code) + playMs(script.replayPrompt) + between);
  return Math.min(Math.ceil(spoken) + SLACK_MS, LONGEST_TALK_MS);
}

function playMs(clips: readonly Clip[]): number {
  return clips.reduce((sum, clip) => sum + clipMs(clip), 0);
}
