import type { Caller } from '../../accounts/caller.ts';
import { PassbellError } from '../../errors.ts';
import type { Replay } from '../../rules/accept.ts';
import type { ReplayAnswer } from '../../store/tables/replays.ts';
import { answerPlace } from '../../vault/answer-place.ts';
import type { Vault } from '../../vault/vault.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Call } from './endpoint.ts';

/** As long as Stripe remembers: https://docs.stripe.com/api/idempotent_requests */
const KEEP_MS = 24 * 60 * 60_000;
const KEY = /^[\x21-\x7e]{1,255}$/;

/** Whose idempotency keys they are: two scopes never see each other's answers, which may hold a key in clear. */
export interface Scope {
  readonly accountId: string;
  /** Goes before the key: what tells apart callers of one account that must not see each other's answers. */
  readonly realm: string;
}

/** Apart by mode: a test key must not replay the answer that shows a new live key. */
export function callerScope({ account, mode }: Caller): Scope {
  return { accountId: account.id, realm: mode };
}

/** What an answer says that is an earlier one's. */
export const REPLAYED = { 'idempotent-replayed': 'true' } as const;

export function replayed(fresh: boolean): Readonly<Record<string, string>> {
  return fresh ? {} : REPLAYED;
}

/** The key of a request and what it stands for; null: it was sent without one. @throws {PassbellError} `invalid_request`. */
export function idempotencyKey(
  { header, target, body }: Pick<Call<unknown>, 'header' | 'target' | 'body'>,
  { accountId, realm }: Scope,
  vault: Pick<Vault, 'requestDigest'>,
): Replay | null {
  const given = header('idempotency-key');
  if (given === undefined) return null;
  if (!KEY.test(given)) {
    const message = 'must have 1 to 255 visible ASCII characters';
    throw new PassbellError('invalid_request', { faults: [{ field: 'Idempotency-Key', message }] });
  }
  // Where a body may be left out, an empty one says the same.
  const bodyDigest = vault.requestDigest(accountId, `${target}\n${canonicalJson(body ?? {})}`);
  return { key: `${realm}:${given}`, bodyDigest, keepMs: KEEP_MS };
}

/**
 * What a request was answered that came before under this key; null: it has no answer yet, or none any more.
 *
 * @throws {PassbellError} `idempotency_mismatch`: it was another request
 */
export function answeredBefore(
  { accountId, key, bodyDigest, answerSealed }: ReplayAnswer,
  asked: Pick<Replay, 'bodyDigest'>,
  vault: Pick<Vault, 'open'>,
): string | null {
  if (bodyDigest !== asked.bodyDigest) throw new PassbellError('idempotency_mismatch', {});
  return answerSealed === null ? null : vault.open(answerPlace(accountId, key), answerSealed);
}
