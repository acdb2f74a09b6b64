import type { Line, Script } from '../../voice/script.ts';
import { spelledBetween } from '../../voice/spoken-lines.ts';

/** For the callee to bring the phone to the ear. */
const BEFORE_MS = 600;
/** The vendor's API does not say how often a code may be heard again; nobody needs a fourth time. */
const MAX_REPLAYS = 3;

/** What a call says: the message, with the code spelt out in place of each `{otp}`. All of it again with the key 1. */
export function callScript(message: string): Script<Line> {
  return {
    intro: [{ kind: 'pause', ms: BEFORE_MS }],
    code: spelledBetween(message.split('{otp}')),
    replayPrompt: [],
    outro: [],
    maxReplays: MAX_REPLAYS,
    autoReplay: false,
  };
}
