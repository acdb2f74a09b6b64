import type { Refusal } from '../errors.ts';
import { accountKey } from './accept.ts';
import { type CallbackDue, verificationCallback } from './callback.ts';
import { lockedUntil, withFailure } from './failures.ts';
import { type FinalVerificationState, stateAt, type VerificationRow } from './verification.ts';
import type {
  CheckAsked,
  VerifyBase,
  VerifyReplayRow,
  VerifyRequest,
  VerifyResult,
  VerifyState,
  VerifyVerdict,
  VerifyWrites,
} from './verify.ts';

/** The rows of one batch while it is judged: what was loaded, overlaid with what the requests before this one changed. */
class Desk {
  readonly verifications = new Map<string, VerificationRow>();
  readonly failures = new Map<string, readonly number[]>();
  readonly replays = new Map<string, VerifyReplayRow>();
  readonly callbacks: CallbackDue[] = [];
  readonly #loaded: VerifyState;
  readonly now: number;

  constructor(loaded: VerifyState, now: number) {
    this.#loaded = loaded;
    this.now = now;
  }

  verification(key: string): VerificationRow | undefined {
    return this.verifications.get(key) ?? this.#loaded.verifications.get(key);
  }

  change(row: VerificationRow): void {
    this.verifications.set(accountKey(row.accountId, row.id), row);
  }

  failed(key: string): readonly number[] {
    return this.failures.get(key) ?? this.#loaded.failures.get(key) ?? [];
  }

  replay(key: string): VerifyReplayRow | undefined {
    const row = this.replays.get(key) ?? this.#loaded.replays.get(key);
    return row !== undefined && row.keepUntil > this.now ? row : undefined;
  }

  /** Ends it, and owes word of that to whoever asked to be told. */
  end(row: VerificationRow, state: FinalVerificationState, failures = row.failures): CallbackDue | undefined {
    this.change({ ...row, state, failures, dueAt: null });
    if (!row.callback) return undefined;
    const due = verificationCallback(row, state, this.now);
    this.callbacks.push(due);
    return due;
  }
}

/**
 * Decides a batch of checks and wishes, in order, each as if it came alone after those before it. Pure: a store loads `state` under lock
 * and saves `writes` in the same commit, and no answer leaves before it.
 *
 * A verification ends once. Of many right checks at once one approves it; of many wrong ones as many are counted as it allows, and
 * the rest, right or wrong, find it ended. While a number is locked its codes are not looked at.
 */
export function judgeVerify(
  batch: readonly VerifyRequest[],
  state: VerifyState,
  now: number,
): { verdicts: VerifyVerdict[]; writes: VerifyWrites } {
  const desk = new Desk(state, now);
  const verdicts = batch.map((request): VerifyVerdict => {
    const { accountId, replay } = request;
    const earlier = replay && desk.replay(accountKey(accountId, replay.key));
    if (earlier) return replayed(request, earlier);
    const verdict = judge(request, desk);
    // A refusal is not remembered, nor that there was nothing: either may be another answer a moment later.
    if (replay && verdict.judged && verdict.result.kind !== 'not_found') {
      const { bodyDigest, keepMs } = replay;
      desk.replays.set(accountKey(accountId, replay.key), {
        bodyDigest,
        id: request.id,
        result: verdict.result,
        keepUntil: now + keepMs,
      });
    }
    return verdict;
  });
  const { verifications, failures, replays, callbacks } = desk;
  return { verdicts, writes: { verifications, failures, replays, callbacks } };
}

function replayed({ replay }: VerifyBase, { bodyDigest, id, result }: VerifyReplayRow): VerifyVerdict {
  if (bodyDigest === replay?.bodyDigest && id !== null && result !== null)
    return { judged: true, fresh: false, id, result };
  return refused({ code: 'idempotency_mismatch', detail: {} });
}

function judge(request: VerifyRequest, desk: Desk): VerifyVerdict {
  const row = desk.verification(accountKey(request.accountId, request.id));
  if (row === undefined) return found(request, { kind: 'not_found' });
  // Word of what became of a code comes at any time.
  if (request.kind === 'feedback') {
    desk.change({ ...row, converted: request.converted });
    return found(row, { kind: 'done', state: stateAt(row, desk.now) });
  }
  const state = stateAt(row, desk.now);
  if (state !== 'pending') {
    const callback = row.state === 'pending' ? desk.end(row, state) : undefined;
    return found(row, { kind: 'final', state }, callback);
  }
  switch (request.kind) {
    case 'check':
      return check(request, row, desk);
    case 'cancel':
      return found(row, { kind: 'done', state: 'canceled' }, desk.end(row, 'canceled'));
    case 'end':
      // By this clock it has not expired: another node's runs ahead.
      if (request.state === 'expired' || request.seenDueAt !== row.dueAt) return stillPending(row);
      return found(row, { kind: 'done', state: request.state }, desk.end(row, request.state));
    case 'postpone':
      if (request.seenDueAt === row.dueAt) desk.change({ ...row, dueAt: request.dueAt });
      return stillPending(row);
    default:
      return request satisfies never;
  }
}

function check(
  { right, failures, accountId }: CheckAsked & VerifyBase,
  row: VerificationRow,
  desk: Desk,
): VerifyVerdict {
  const { now } = desk;
  const locks = failures.map((one) => lockedUntil(desk.failed(accountKey(accountId, one.subject)), one, now) ?? 0);
  const until = Math.max(0, ...locks);
  if (until > now) return refused({ code: 'rate_limited', detail: { limit: 'failures', retryAfterMs: until - now } });
  if (right) return found(row, { kind: 'approved' }, desk.end(row, 'approved'));

  const untilLocked = failures.map((one) => {
    const key = accountKey(accountId, one.subject);
    const times = withFailure(desk.failed(key), one, now);
    desk.failures.set(key, times);
    return one.most - times.length;
  });
  const failed = row.failures + 1;
  const allowed = row.maxAttempts - failed;
  if (allowed <= 0) {
    const state = 'max_attempts_reached';
    return found(row, { kind: 'wrong', state, remaining: 0 }, desk.end(row, state, failed));
  }
  desk.change({ ...row, failures: failed });
  return found(row, { kind: 'wrong', state: 'pending', remaining: Math.min(allowed, ...untilLocked) });
}

function stillPending(row: VerificationRow): VerifyVerdict {
  return found(row, { kind: 'done', state: 'pending' });
}

function found({ id }: { readonly id: string }, result: VerifyResult, callback?: CallbackDue): VerifyVerdict {
  return { judged: true, fresh: true, id, result, ...(callback !== undefined && { callback }) };
}

function refused(refusal: Refusal): VerifyVerdict {
  return { judged: false, refusal };
}
