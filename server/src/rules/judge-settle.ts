import { type Balance, balanceKey } from './accept.ts';
import { type CallbackDue, callbackDue } from './callback.ts';
import type { DeliveryRow, FinalState, Outcome, Reason, Receipt } from './outcome.ts';
import {
  type CallChange,
  type CreditEnd,
  type DeliveryChange,
  deliveryKey,
  type Nudge,
  type PartChange,
  type PartRow,
  partKey,
  type SettleState,
  type SettleVerdict,
  type SettleWrites,
} from './settle.ts';

const EMPTY: Balance = { granted: 0, held: 0, captured: 0 };

/** The rows of one batch while it is judged: what was loaded, overlaid with what was changed on the way. */
class Desk {
  readonly changes = new Map<string, DeliveryChange>();
  readonly balances = new Map<string, Balance>();
  readonly parts = new Map<string, PartChange>();
  readonly attempts: Outcome[] = [];
  readonly credits: CreditEnd[] = [];
  readonly park = new Map<string, Receipt>();
  readonly unpark: string[] = [];
  readonly calls: CallChange[] = [];
  readonly callbacks: CallbackDue[] = [];
  readonly nudges: Nudge[] = [];
  /** Parts that this batch submitted: their rows are inserted with their outcome. */
  readonly #fresh = new Map<string, PartRow>();
  readonly #loaded: SettleState;
  readonly now: number;

  constructor(loaded: SettleState, now: number) {
    this.#loaded = loaded;
    this.now = now;
  }

  row(key: string): DeliveryRow | undefined {
    return this.changes.get(key)?.row ?? this.#loaded.deliveries.get(key);
  }

  part(key: string): PartRow | undefined {
    return this.parts.get(key) ?? this.#fresh.get(key) ?? this.#loaded.parts.get(key);
  }

  submitted(key: string, part: PartRow): void {
    this.#fresh.set(key, part);
  }

  waiting(key: string): Receipt | undefined {
    return this.park.get(key) ?? this.#loaded.parked.get(key);
  }

  /** Takes a waiting receipt off the shelf, wherever it stands. */
  takeWaiting(key: string): void {
    if (!this.park.delete(key)) this.unpark.push(key);
  }

  change(row: DeliveryRow, change: Partial<Omit<DeliveryChange, 'row'>>): void {
    const key = deliveryKey(row.accountId, row.id);
    const before = this.changes.get(key);
    const { reason = null, dueAt = null, submittedAt = null, finalAt = null } = { ...before, ...change };
    this.changes.set(key, { row, reason, dueAt, submittedAt, finalAt });
  }

  /** Ends the hold, once: a row that is settled keeps the end it has. */
  endHold(row: DeliveryRow, kind: CreditEnd['kind']): DeliveryRow {
    if (row.settled) return row;
    const key = balanceKey(row.accountId, row.pool);
    const balance = this.balances.get(key) ?? this.#loaded.balances.get(key) ?? EMPTY;
    const captured = kind === 'capture' ? row.credits : 0;
    this.balances.set(key, { ...balance, held: balance.held - row.credits, captured: balance.captured + captured });
    const { accountId, id: deliveryId, pool, credits: amount } = row;
    this.credits.push({ accountId, deliveryId, pool, kind, amount, at: this.now });
    return { ...row, settled: true };
  }
}

/**
 * Decides what tries and receipts do to deliveries and credits: outcomes first, then receipts, each in order. Pure.
 *
 * States move forward only. A hold ends once: captured when the carrier's word (or its silence after taking the message) says
 * that the message went out, released when it did not; that of a call when it was answered. A row that another node took, or that is
 * final, is left alone. Whoever is owed a callback is owed it from the same commit on.
 */
export function judgeSettle(
  outcomes: readonly Outcome[],
  receipts: readonly Receipt[],
  state: SettleState,
  now: number,
): { verdicts: SettleVerdict[]; writes: SettleWrites } {
  const desk = new Desk(state, now);
  const verdicts = [
    ...outcomes.map((outcome) => settleOutcome(outcome, desk)),
    ...receipts.map((receipt) => settleReceipt(receipt, desk)),
  ];
  const { changes, attempts, parts, credits, balances, park, unpark, calls, callbacks, nudges } = desk;
  return {
    verdicts,
    writes: {
      ...{ deliveries: changes, attempts, parts, credits, balances, park: [...park.values()], unpark },
      ...{ calls, callbacks, nudges },
    },
  };
}

function settleOutcome(outcome: Outcome, desk: Desk): SettleVerdict {
  const row = desk.row(deliveryKey(outcome.accountId, outcome.deliveryId));
  if (row === undefined || row.node !== outcome.node) return { kind: 'stale' };
  if (isNoted(row, outcome)) return { kind: 'applied', state: row.state };
  if (row.state !== 'queued' && !(row.state === 'submitted' && mayEnd(row, outcome.next))) return { kind: 'stale' };
  const tried = noteTry(row, outcome, desk);
  const { next, at, accountId, deliveryId, call } = outcome;
  if (call !== undefined) desk.calls.push({ accountId, deliveryId, record: call });
  switch (next.kind) {
    case 'retry':
      desk.change(tried, { dueAt: next.dueAt });
      return { kind: 'applied', state: tried.state };
    case 'final':
      return finish(tried, next.state, next.reason, desk, outcome.attempt ? at : null);
    case 'in_call':
      desk.change({ ...tried, state: 'submitted' }, { dueAt: next.until, submittedAt: at, reason: null });
      return { kind: 'applied', state: 'submitted' };
    case 'await_receipt': {
      const submitted: DeliveryRow = { ...tried, state: 'submitted', parts: next.parts };
      desk.change(submitted, { dueAt: next.until, submittedAt: at, reason: null });
      applyWaiting(outcome, desk);
      // Every part may have been reported on before the last one was taken.
      const current = desk.row(deliveryKey(row.accountId, row.id)) ?? submitted;
      return current.state === 'submitted' && current.partsDelivered >= current.parts
        ? finish(current, 'delivered', null, desk)
        : { kind: 'applied', state: current.state };
    }
    default:
      return next satisfies never;
  }
}

/**
 * Whether a try that did not end the delivery is said again: its commit was made, and the answer lost. It counts once, and a call that
 * goes on is not hung up for it.
 */
function isNoted({ state, channel, tries }: DeliveryRow, { attempt, next }: Outcome): boolean {
  if (attempt === null || attempt.n > tries) return false;
  return state === 'queued'
    ? next.kind === 'retry'
    : state === 'submitted' && channel === 'voice' && next.kind === 'in_call';
}

/** What may still be said of a delivery that was submitted: that a call has ended, or that a message's receipt did not come in time. */
function mayEnd({ channel }: DeliveryRow, next: Outcome['next']): boolean {
  if (next.kind !== 'final') return false;
  return channel === 'voice' || (next.state === 'sent' && next.reason === 'receipt_missing');
}

/** Counts the try and makes its parts known to the receipts behind it. */
function noteTry(row: DeliveryRow, outcome: Outcome, desk: Desk): DeliveryRow {
  const { attempt } = outcome;
  if (attempt === null) return row;
  desk.attempts.push(outcome);
  for (const { part, messageId } of attempt.parts) {
    if (messageId === null) continue;
    const { accountId, deliveryId } = outcome;
    const { n, carrier } = attempt;
    desk.submitted(partKey(carrier, messageId), { accountId, deliveryId, n, part, carrier, messageId, receipt: null });
  }
  // Another carrier starts the count of delivered parts anew: it gets the whole message.
  const partsDelivered = row.carrier === attempt.carrier ? row.partsDelivered : 0;
  return { ...row, carrier: attempt.carrier, tries: row.tries + 1, partsDelivered };
}

/** Receipts that overtook the submit: applied in the commit that makes the submit known. */
function applyWaiting(outcome: Outcome, desk: Desk): void {
  for (const { messageId } of outcome.attempt?.parts ?? []) {
    if (messageId === null || outcome.attempt === null) continue;
    const key = partKey(outcome.attempt.carrier, messageId);
    const receipt = desk.waiting(key);
    if (receipt === undefined) continue;
    desk.takeWaiting(key);
    settleReceipt(receipt, desk);
  }
}

function settleReceipt(receipt: Receipt, desk: Desk): SettleVerdict {
  const key = partKey(receipt.carrier, receipt.messageId);
  const part = desk.part(key);
  const row = part && desk.row(deliveryKey(part.accountId, part.deliveryId));
  if (part === undefined || row === undefined) {
    // A `pending` receipt moves nothing, so there is nothing to wait for.
    if (receipt.state === 'pending') return { kind: 'stale' };
    desk.park.set(key, receipt);
    return { kind: 'parked' };
  }
  if (receipt.state === 'pending') return { kind: 'applied', state: row.state };
  if (part.receipt !== null) return { kind: 'stale' };
  const delivered = receipt.state === 'delivered';
  desk.parts.set(key, { ...part, receipt: delivered ? 'delivered' : 'failed', code: receipt.code, at: receipt.at });
  // A part of a try at a carrier that was given up: noted, but the message now stands with another.
  if (part.carrier !== row.carrier) return { kind: 'applied', state: row.state };
  const counted = delivered ? { ...row, partsDelivered: row.partsDelivered + 1 } : row;
  if (row.state !== 'submitted' && row.state !== 'sent') {
    // Still queued (the rest of the message is to be tried again) or already reported on: counted, not moved.
    if (row.state === 'queued') desk.change(counted, {});
    return row.state === 'queued' ? { kind: 'applied', state: row.state } : { kind: 'stale' };
  }
  if (!delivered) return conclude(counted, receipt, desk);
  if (counted.partsDelivered >= counted.parts) return finish(counted, 'delivered', null, desk);
  desk.change(counted, {});
  return { kind: 'applied', state: counted.state };
}

/** One failed part fails the message: the code cannot be read without it. */
function conclude(row: DeliveryRow, receipt: Receipt, desk: Desk): SettleVerdict {
  switch (receipt.state) {
    case 'undelivered':
      return finish(row, 'undelivered', 'receipt_undelivered', desk);
    case 'rejected':
    case 'deleted':
      return finish(row, 'undelivered', 'receipt_rejected', desk);
    case 'expired':
      return finish(row, 'undelivered', 'receipt_expired', desk);
    case 'unknown':
      // The carrier took it and will never know more: that is `sent`, not a failure.
      return finish(row, 'sent', 'receipt_missing', desk);
    case 'delivered':
    case 'pending':
      return { kind: 'stale' };
    default:
      return receipt.state satisfies never;
  }
}

function finish(
  row: DeliveryRow,
  state: FinalState,
  reason: Reason | null,
  desk: Desk,
  submittedAt?: number | null,
): SettleVerdict {
  const paid = state === 'sent' || state === 'delivered';
  const ended = desk.endHold({ ...row, state, node: null }, paid ? 'capture' : 'release');
  const change = { reason, dueAt: null, finalAt: desk.now };
  desk.change(ended, paid && submittedAt ? { ...change, submittedAt } : change);
  // Of one that was undone its caller was told: nothing is to be sent in its place.
  if (!paid && row.verification && reason !== 'store_lost')
    desk.nudges.push({ accountId: row.accountId, id: row.otpId });
  if (!row.callback) return { kind: 'applied', state };
  const callback = callbackDue(row, state, desk.now);
  desk.callbacks.push(callback);
  return { kind: 'applied', state, callback };
}
