import { PassbellError } from '../../errors.ts';
import type { Log } from '../../observe/log.ts';
import type { Store } from '../../store/store.ts';
import type { Clock } from '../../values/clock.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Answer, Handler } from './endpoint.ts';

/** As long as Stripe remembers: https://docs.stripe.com/api/idempotent_requests */
const KEEP_MS = 24 * 60 * 60_000;
const KEY = /^[\x21-\x7e]{1,255}$/;

export interface OnceDeps {
  readonly store: Pick<Store, 'replays'>;
  readonly vault: Pick<Vault, 'requestDigest' | 'seal' | 'open'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Whose idempotency keys they are: two scopes never see each other's answers, which may hold a key in clear. */
export interface Scope {
  readonly accountId: string;
  /** Goes before the key: what tells apart callers of one account that must not see each other's answers. */
  readonly realm: string;
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
    const given = call.header('idempotency-key');
    if (given === undefined) return handler(call);
    if (!KEY.test(given)) {
      const message = 'must have 1 to 255 visible ASCII characters';
      throw new PassbellError('invalid_request', { faults: [{ field: 'Idempotency-Key', message }] });
    }
    const { accountId, realm } = scopeOf(call.who);
    const key = `${realm}:${given}`;
    const place = { account: accountId, row: key, column: 'answer' } as const;
    const bodyDigest = vault.requestDigest(accountId, `${call.target}\n${JSON.stringify(call.body)}`);
    const now = clock.now();
    const claim = { accountId, key, bodyDigest, answerSealed: null, keepUntil: now + KEEP_MS };
    const earlier = await store.replays.begin(claim, now);
    if (earlier !== null) {
      if (earlier.bodyDigest !== bodyDigest) throw new PassbellError('idempotency_mismatch', {});
      const text = earlier.answerSealed === null ? null : vault.open(place, earlier.answerSealed);
      if (text === null) throw new PassbellError('idempotency_in_flight', {});
      return { ...(JSON.parse(text) as Answer), headers: { 'idempotent-replayed': 'true' } };
    }

    const answer = await handler(call).catch(async (error: unknown) => {
      if (isRefusal(error)) await store.replays.abandon(accountId, key);
      throw error;
    });
    try {
      await store.replays.finish(accountId, key, vault.seal(place, JSON.stringify(answer)));
    } catch (error) {
      // What was asked for is done: the caller gets the answer now, though not again.
      log.error('replay_not_saved', { account: accountId }, error);
    }
    return answer;
  };
}

/** Whether it is sure that nothing was done. */
function isRefusal(error: unknown): boolean {
  return error instanceof PassbellError && error.code !== 'unavailable' && error.code !== 'internal';
}
