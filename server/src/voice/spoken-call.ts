import type { Line, Script } from './script.ts';
import type { Voice } from './speech/speech-engine.ts';

/** What a call says, who speaks, and how it is dialled: as it was asked for, before any sound is made. */
export interface SpokenCall {
  readonly script: Script<Line>;
  readonly voice: Voice;
  /** Shown to the callee, E.164 with `+`; null: the trunk's own. */
  readonly from: string | null;
  readonly anonymous: boolean;
  /** How long it may ring, ms, 10,000 … 60,000. */
  readonly ringMs: number;
}
