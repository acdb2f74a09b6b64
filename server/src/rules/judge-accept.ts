import type { Pool, Refusal } from '../errors.ts';
import {
  type AcceptRequest,
  type AcceptState,
  type AcceptVerdict,
  type AcceptWrites,
  accountKey,
  type Balance,
  balanceKey,
  type LimitCheck,
  type ReplayRow,
} from './accept.ts';
import { gcra } from './gcra.ts';

/** What the per-account counter of dialects that show integer ids is called. */
export const NUMBER_COUNTER = 'otp_number';

const EMPTY: Balance = { granted: 0, held: 0, captured: 0 };

/** What may still be held. */
export function available(balance: Balance): number {
  return balance.granted - balance.held - balance.captured;
}

/** A limit's bucket as it is saved: `expiresAt` is when it is full again and may be forgotten. */
interface Bucket {
  readonly tats: readonly number[];
  readonly expiresAt: number;
}

/**
 * The rows of one batch while it is judged: what was loaded, overlaid with what the requests before this one changed.
 * A refused request leaves no trace here, so it can touch no other.
 */
class Ledger {
  readonly balances = new Map<string, Balance>();
  readonly counters = new Map<string, number>();
  readonly limits = new Map<string, Bucket>();
  readonly replays = new Map<string, ReplayRow>();
  readonly #loaded: AcceptState;

  constructor(loaded: AcceptState) {
    this.#loaded = loaded;
  }

  balance(key: string): Balance {
    return this.balances.get(key) ?? this.#loaded.balances.get(key) ?? EMPTY;
  }

  counter(key: string): number {
    return this.counters.get(key) ?? this.#loaded.counters.get(key) ?? 0;
  }

  tats(key: string): readonly number[] {
    return this.limits.get(key)?.tats ?? this.#loaded.limits.get(key) ?? [];
  }

  replay(key: string, now: number): ReplayRow | undefined {
    const row = this.replays.get(key) ?? this.#loaded.replays.get(key);
    return row !== undefined && row.keepUntil > now ? row : undefined;
  }
}

/**
 * Decides a batch of sends, in order, each as if it came alone after those before it. Pure: the money rules stand here and
 * nowhere else; a store loads `state` under lock and saves `writes` in the same commit.
 *
 * A request is a replay, or it passes every limit and its credits are there, or it is refused and changes nothing.
 */
export function judgeAccept(
  batch: readonly AcceptRequest[],
  state: AcceptState,
  now: number,
): { verdicts: AcceptVerdict[]; writes: AcceptWrites } {
  const ledger = new Ledger(state);
  const inserts: { request: AcceptRequest; number: number | null }[] = [];
  const verdicts = batch.map((request): AcceptVerdict => {
    const earlier = request.replay && ledger.replay(accountKey(request.accountId, request.replay.key), now);
    if (earlier) return replayed(request, earlier, ledger);
    const buckets = new Map<string, Bucket>();
    const refusal = checkLimits(request, ledger, now, buckets) ?? checkCredits(request, ledger);
    if (refusal) return { accepted: false, refusal };
    const number = admit(request, ledger, now, buckets);
    inserts.push({ request, number });
    const { otpId, deliveryId, accountId } = request;
    return { accepted: true, fresh: true, otpId, deliveryId, number, available: pools(accountId, ledger) };
  });
  return { verdicts, writes: { inserts, ...writesOf(ledger) } };
}

function replayed(request: AcceptRequest, earlier: ReplayRow, ledger: Ledger): AcceptVerdict {
  if (earlier.bodyDigest !== request.replay?.bodyDigest) {
    return { accepted: false, refusal: { code: 'idempotency_mismatch', detail: {} } };
  }
  const { otpId, deliveryId, number } = earlier;
  return { accepted: true, fresh: false, otpId, deliveryId, number, available: pools(request.accountId, ledger) };
}

/** The longest wait among the limits that refuse; fills `buckets` with what the request would leave behind. */
function checkLimits(
  request: AcceptRequest,
  ledger: Ledger,
  now: number,
  buckets: Map<string, Bucket>,
): Refusal | undefined {
  let worst: { limit: LimitCheck['name']; retryAfterMs: number } | undefined;
  for (const check of request.limits) {
    const key = accountKey(request.accountId, check.subject);
    const verdict = gcra(check.rules, ledger.tats(key), now);
    if (verdict.allowed) buckets.set(key, { tats: verdict.tats, expiresAt: Math.ceil(Math.max(now, ...verdict.tats)) });
    else if (worst === undefined || verdict.retryAfterMs > worst.retryAfterMs) {
      worst = { limit: check.name, retryAfterMs: verdict.retryAfterMs };
    }
  }
  return worst && { code: 'rate_limited', detail: worst };
}

function checkCredits(request: AcceptRequest, ledger: Ledger): Refusal | undefined {
  const missing = request.needed - available(ledger.balance(balanceKey(request.accountId, request.pool)));
  return missing > 0 ? { code: 'credits_exhausted', detail: { pool: request.pool, missing } } : undefined;
}

/** Holds the credits, counts the limits, draws the number and remembers the replay. */
function admit(request: AcceptRequest, ledger: Ledger, now: number, buckets: Map<string, Bucket>): number | null {
  const key = balanceKey(request.accountId, request.pool);
  const balance = ledger.balance(key);
  ledger.balances.set(key, { ...balance, held: balance.held + request.credits });
  for (const [subject, bucket] of buckets) ledger.limits.set(subject, bucket);
  const number = request.numbered ? draw(request.accountId, ledger) : null;
  if (request.replay) {
    const { key, bodyDigest, keepMs } = request.replay;
    const { otpId, deliveryId } = request;
    ledger.replays.set(accountKey(request.accountId, key), {
      bodyDigest,
      otpId,
      deliveryId,
      number,
      keepUntil: now + keepMs,
    });
  }
  return number;
}

function draw(accountId: string, ledger: Ledger): number {
  const key = accountKey(accountId, NUMBER_COUNTER);
  const number = ledger.counter(key) + 1;
  ledger.counters.set(key, number);
  return number;
}

function pools(accountId: string, ledger: Ledger): Record<Pool, number> {
  return {
    sms: available(ledger.balance(balanceKey(accountId, 'sms'))),
    voice: available(ledger.balance(balanceKey(accountId, 'voice'))),
  };
}

function writesOf({ balances, counters, limits, replays }: Ledger): Omit<AcceptWrites, 'inserts'> {
  return { balances, counters, limits, replays };
}
