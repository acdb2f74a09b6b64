import type { Line, Script } from '../../voice/script.ts';
import { spokenLines } from '../../voice/spoken-lines.ts';
import type { Piece } from './wording.ts';

/** For the callee to bring the phone to the ear. */
const BEFORE_MS = 600;
/** The vendor does not say how often a code may be heard again; nobody needs a fourth time. */
const MAX_REPLAYS = 3;

/**
 * What a call says: the message, with the code spelt out where it stands. All of it again with the key 1. Of each capital it says that it is one, also
 * in a code without small letters: a check minds the case.
 */
export function callScript(pieces: readonly Piece[]): Script<Line> {
  return {
    intro: [{ kind: 'pause', ms: BEFORE_MS }],
    code: pieces.flatMap((piece): Line[] => {
      if (piece.kind === 'code') return [{ kind: 'code', from: 'speech', capitals: 'announced' }];
      return spokenLines(piece.text);
    }),
    replayPrompt: [],
    outro: [],
    maxReplays: MAX_REPLAYS,
    autoReplay: false,
  };
}
