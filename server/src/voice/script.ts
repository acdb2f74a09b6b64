import type { Secret } from '../values/secret.ts';
import type { Clip } from './audio/clip.ts';
import type { Voice } from './speech/speech-engine.ts';

/** One thing that the callee hears, as a request asks for it: data, before any sound is made. Sealed beside the code. */
export type Line =
  | { readonly kind: 'text'; readonly text: string }
  /** A caller's SSML as it came: `speech/ssml.ts` parses it and writes it anew before an engine sees it. */
  | { readonly kind: 'ssml'; readonly ssml: string }
  /** A file of the account's audio store, by its path from the account's root. */
  | { readonly kind: 'file'; readonly path: string }
  /**
   * The code, character by character: spoken, or from the account's spelling files of a locale. `capitals`: see `spell`.
   */
  | { readonly kind: 'code'; readonly from: 'speech' | 'files'; readonly capitals?: 'announced' }
  | { readonly kind: 'pause'; readonly ms: number };

/** What the callee hears, in parts; `L` is `Line` as it is asked for and stored, and a clip once it can be played. */
export interface Script<L> {
  /** When the call is answered. */
  readonly intro: readonly L[];
  /** What comes right before the code, and the code: again with every replay. */
  readonly code: readonly L[];
  /** How to hear it again ("press 1"). Empty: nothing is said, the key works all the same. */
  readonly replayPrompt: readonly L[];
  /** Last. */
  readonly outro: readonly L[];
  /** 0 … 3. */
  readonly maxReplays: number;
  /** True: `code` is repeated `maxReplays` times unasked. False: each time the key 1 is pressed. */
  readonly autoReplay: boolean;
}

/** What a fault of a script is reported under. `codePrompt`: what stands beside the code, in the part that is repeated. */
export type ScriptField = 'intro' | 'codePrompt' | 'code' | 'replayPrompt' | 'outro';

/**
 * Makes the sound of a script. Rejects with `invalid_request` (fields as in `ScriptField`; audio files that are not there, all of them named; markup that is refused) or
 * `unavailable` (no voice to be had).
 */
export type RendersCall = (
  script: Script<Line>,
  about: { readonly code: Secret; readonly voice: Voice; readonly accountId: string },
) => Promise<Script<Clip>>;
