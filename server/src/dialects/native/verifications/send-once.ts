import type { AppDeps } from '../../../app-deps.ts';
import { isError, PassbellError } from '../../../errors.ts';
import type { SentVerification } from '../../../otp/verification.ts';
import { answeredBefore, REPLAYED } from '../idempotency-key.ts';
import type { Asked } from './ask.ts';
import { type SendShown, sentAnswer } from './sent-answer.ts';
import type { VerificationJson } from './verification-json.ts';

type Deps = Pick<AppDeps, 'store' | 'vault' | 'clock'>;

/**
 * Sends, and answers. The commit knows a request that was done before by its key; but this one may be refused on its way there, by what
 * has changed since: its template is gone, or its code is over. Then the first answer stands all the same, for a refusal says that
 * nothing was sent, and the caller would pay for it again. Rejects with `idempotency_mismatch`, and as `send` does.
 */
export async function sendOnce<S extends 200 | 201>(
  status: S,
  { account, replay }: Asked,
  deps: Deps,
  send: () => Promise<{ readonly sent: SentVerification; readonly shown: SendShown }>,
) {
  try {
    const { sent, shown } = await send();
    return sentAnswer(status, sent, shown);
  } catch (error) {
    // Whoever gets `unavailable` is to ask again with the same key: later there may be an answer, now there may be no store.
    if (replay === null || !(error instanceof PassbellError) || isError(error, 'unavailable')) throw error;
    const earlier = await deps.store.replays.find(account.id, replay.key, deps.clock.now());
    const text = earlier && answeredBefore(earlier, replay, deps.vault);
    // There was none, or its answer was erased.
    if (text === null) throw error;
    return { status, body: JSON.parse(text) as VerificationJson, headers: REPLAYED };
  }
}
