import type { ErrorDetails, Pool, Refusal } from '../errors.ts';
import {
  type AcceptRequest,
  type AcceptState,
  type AcceptVerdict,
  type AcceptWrites,
  accountKey,
  type Balance,
  balanceKey,
  type Quota,
  type ReplayRow,
  type VerificationSend,
} from './accept.ts';
import { type FailureCheck, lockedUntil } from './failures.ts';
import { gcra, leftOf } from './gcra.ts';
import { afterResend, afterStep, resendFrom, stateAt, type VerificationRow } from './verification.ts';

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
  readonly verifications = new Map<string, VerificationRow>();
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

  verification(key: string): VerificationRow | undefined {
    return this.verifications.get(key) ?? this.#loaded.verifications.get(key);
  }

  failures(key: string): readonly number[] {
    return this.#loaded.failures.get(key) ?? [];
  }
}

/**
 * Decides a batch of sends, in order, each as if it came alone after those before it. Pure: the money rules stand here and
 * nowhere else; a store loads `state` under lock and saves `writes` in the same commit.
 *
 * A request is a replay, or its verification (if it has one) may be sent for, it passes every limit and its credits are there, or it is
 * refused and changes nothing.
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
    const refusal =
      checkVerification(request, ledger, now) ??
      checkLimits(request, ledger, now, buckets) ??
      checkCredits(request, ledger);
    if (refusal) return { accepted: false, refusal };
    const number = admit(request, ledger, now, buckets);
    inserts.push({ request, number });
    const { otpId, deliveryId, accountId } = request;
    return {
      ...{ accepted: true, fresh: true, otpId, deliveryId, number, available: pools(accountId, ledger) },
      ...(request.verification !== null && request.limits.length > 0 && { quota: quotaOf(request, buckets, now) }),
    };
  });
  return { verdicts, writes: { inserts, ...writesOf(ledger) } };
}

function replayed(request: AcceptRequest, earlier: ReplayRow, ledger: Ledger): AcceptVerdict {
  if (earlier.bodyDigest !== request.replay?.bodyDigest) {
    return { accepted: false, refusal: { code: 'idempotency_mismatch', detail: {} } };
  }
  const { otpId, deliveryId, number, answerSealed } = earlier;
  return {
    ...{ accepted: true, fresh: false, otpId, deliveryId, number, available: pools(request.accountId, ledger) },
    ...(answerSealed !== null && { answerSealed }),
  };
}

/** Whether the verification may be sent for: it is not locked, has not ended, and this send is the one that it waits for. */
function checkVerification(request: AcceptRequest, ledger: Ledger, now: number): Refusal | undefined {
  const { accountId, otpId, verification } = request;
  if (verification === null) return undefined;
  const locked = checkFailures(accountId, verification.failures, ledger, now);
  if (verification.kind === 'start') return locked;
  const row = ledger.verification(accountKey(accountId, otpId));
  if (row === undefined) return { code: 'not_found', detail: { what: 'verification' } };
  const state = stateAt(row, now);
  if (state !== 'pending') return { code: 'verification_ended', detail: { state } };
  return locked ?? checkTurn(verification, row, now);
}

function checkTurn({ kind, step }: VerificationSend, row: VerificationRow, now: number): Refusal | undefined {
  if (kind === 'step') {
    const reason = row.steps[step] === undefined ? 'has_no_further_step' : 'step_was_sent';
    // Of two nodes that send the same step, or a wish that crosses its time, one comes first.
    const isNext = step === row.step + 1 && row.steps[step] !== undefined;
    return isNext ? undefined : { code: 'conflict', detail: { field: 'workflow', reason } };
  }
  const waitMs = resendFrom(row) - now;
  return waitMs > 0 ? { code: 'rate_limited', detail: { limit: 'resend', retryAfterMs: waitMs } } : undefined;
}

function checkFailures(
  accountId: string,
  checks: readonly FailureCheck[],
  ledger: Ledger,
  now: number,
): Refusal | undefined {
  const until = checks.map((one) => lockedUntil(ledger.failures(accountKey(accountId, one.subject)), one, now) ?? now);
  const retryAfterMs = Math.max(0, ...until) - now;
  return retryAfterMs > 0 ? { code: 'rate_limited', detail: { limit: 'failures', retryAfterMs } } : undefined;
}

/** What the tightest of the limits leaves. */
function quotaOf({ accountId, limits }: AcceptRequest, buckets: ReadonlyMap<string, Bucket>, now: number): Quota {
  const quotas = limits.map(({ name, subject, rules }): Quota => {
    return { limit: name, ...leftOf(rules, buckets.get(accountKey(accountId, subject))?.tats ?? [], now) };
  });
  return quotas.reduce((least, one) => (one.remaining < least.remaining ? one : least));
}

/** The longest wait among the limits that refuse; fills `buckets` with what the request would leave behind. */
function checkLimits(
  request: AcceptRequest,
  ledger: Ledger,
  now: number,
  buckets: Map<string, Bucket>,
): Refusal | undefined {
  let worst: ErrorDetails['rate_limited'] | undefined;
  for (const check of request.limits) {
    const key = accountKey(request.accountId, check.subject);
    const verdict = gcra(check.rules, ledger.tats(key), now);
    if (verdict.allowed) buckets.set(key, { tats: verdict.tats, expiresAt: Math.ceil(Math.max(now, ...verdict.tats)) });
    else if (worst === undefined || verdict.retryAfterMs > worst.retryAfterMs) {
      worst = { limit: check.name, retryAfterMs: verdict.retryAfterMs, rule: verdict.rule };
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
  sendAgain(request, ledger, now);
  if (request.replay) {
    const { key, bodyDigest, keepMs, answerSealed = null } = request.replay;
    const { otpId, deliveryId } = request;
    ledger.replays.set(accountKey(request.accountId, key), {
      bodyDigest,
      otpId,
      deliveryId,
      number,
      answerSealed,
      keepUntil: now + keepMs,
    });
  }
  return number;
}

/** Moves a verification on to the delivery that is now on its way. */
function sendAgain({ accountId, otpId, deliveryId, verification }: AcceptRequest, ledger: Ledger, now: number): void {
  if (verification === null || verification.kind === 'start') return;
  const key = accountKey(accountId, otpId);
  const row = ledger.verification(key);
  if (row === undefined) return;
  ledger.verifications.set(key, (verification.kind === 'step' ? afterStep : afterResend)(row, deliveryId, now));
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

function writesOf({ balances, counters, limits, replays, verifications }: Ledger): Omit<AcceptWrites, 'inserts'> {
  return { balances, counters, limits, replays, verifications };
}
