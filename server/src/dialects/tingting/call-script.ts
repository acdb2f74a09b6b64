import type { Line, Script } from '../../voice/script.ts';

/** For the callee to bring the phone to the ear. */
const BEFORE_MS = 600;
/** The vendor's API does not say how often a code may be heard again; nobody needs a fourth time. */
const MAX_REPLAYS = 3;

/** What a call says: the message, with the code spelt out in place of each `{otp}`. All of it again with the key 1. */
export function callScript(message: string): Script<Line> {
  const lines = message.split('{otp}').flatMap((text, i): Line[] => {
    const code: Line[] = i === 0 ? [] : [{ kind: 'code', from: 'speech' }];
    return isSpoken(text) ? [...code, { kind: 'text', text: text.trim() }] : code;
  });
  return {
    intro: [{ kind: 'pause', ms: BEFORE_MS }],
    code: lines,
    replayPrompt: [],
    outro: [],
    maxReplays: MAX_REPLAYS,
    autoReplay: false,
  };
}

/** Whether there is a word in it: a full stop behind the code would be silence. */
function isSpoken(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
