import { isError, PassbellError } from '../../errors.ts';
import type { Log } from '../../observe/log.ts';
import type { Store } from '../../store/store.ts';
import type { Clock } from '../../values/clock.ts';
import { answerPlace } from '../../vault/answer-place.ts';
import type { Vault } from '../../vault/vault.ts';
import { answeredBefore, idempotencyKey, REPLAYED, type Scope } from './idempotency-key.ts';
import type { Answer, Handler, Operation } from './operation.ts';

export interface OnceDeps {
  readonly store: Pick<Store, 'replays'>;
  readonly vault: Pick<Vault, 'requestDigest' | 'seal' | 'open'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Gives operations an `Idempotency-Key`. */
export function onceEach<Who>(deps: OnceDeps, scopeOf: (who: Who) => Scope) {
  return (operation: Operation<Who>): Operation<Who> => ({
    ...operation,
    idempotent: true,
    once: (call, work) => once(deps, scopeOf, work)(call),
  });
}

/**
 * Lets `handler` do its work once for each `Idempotency-Key`: the same request again gets the stored answer for 24 hours, with
 * `Idempotent-Replayed: true`. Rejects with `idempotency_in_flight` while the first one runs, and with `idempotency_mismatch` for
 * another request under the same key. Without the header, the handler runs as it is.
 *
 * A refusal (a fault in the request, a conflict) frees the key: nothing was done. After a failure in the middle nobody knows what
 * was done, so the key stays taken: better a 409 than doing it twice.
 */
export function once<Who>(
  { store, vault, clock, log }: OnceDeps,
  scopeOf: (who: Who) => Scope,
  handler: Handler<Who>,
): Handler<Who> {
  return async (call) => {
    const scope = scopeOf(call.who);
    const keyed = idempotencyKey(call, scope, vault);
    if (keyed === null) return handler(call);
    const { accountId } = scope;
    const { key, bodyDigest, keepMs } = keyed;
    const now = clock.now();
    const claim = { accountId, key, bodyDigest, answerSealed: null, keepUntil: now + keepMs };
    const earlier = await store.replays.begin(claim, now);
    if (earlier !== null) {
      const text = answeredBefore(earlier, keyed, vault);
      if (text === null) throw new PassbellError('idempotency_in_flight', {});
      return { ...(JSON.parse(text) as Answer), headers: REPLAYED };
    }

    const answer = await handler(call).catch(async (error: unknown) => {
      if (isRefusal(error)) await store.replays.abandon(accountId, key);
      throw error;
    });
    try {
      await store.replays.finish(accountId, key, vault.seal(answerPlace(accountId, key), JSON.stringify(answer)));
    } catch (error) {
      // What was asked for is done: the caller gets the answer now, though not again.
      log.error('replay_not_saved', { account: accountId }, error);
    }
    return answer;
  };
}

/** Whether it is sure that nothing was done. Of a store that gave no answer nobody knows. */
function isRefusal(error: unknown): boolean {
  if (isError(error, 'unavailable')) return error.detail.reason !== 'store';
  return error instanceof PassbellError && error.code !== 'internal';
}
