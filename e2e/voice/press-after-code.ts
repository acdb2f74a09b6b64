import { setTimeout as after } from 'node:timers/promises';
import type { Baresip } from '../peers/baresip.ts';
import { recordOf } from '../service/voice.ts';
import type { Line } from './line.ts';

/** When all was said, the callee has 5 s to ask for it again. */
const THINKS_MS = 1_500;

/** Presses 1 once the callee has heard the whole code, in its nth call. */
export async function pressAfterCode({ service, account }: Line, bob: Baresip, id: string, calls = 1): Promise<void> {
  await bob.answered(calls);
  const { spoken_seconds } = await recordOf(service.url, account.live, id);
  await after(spoken_seconds * 1_000 + THINKS_MS);
  await bob.press('1');
}
