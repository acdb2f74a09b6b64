import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Balance, balanceKey } from './accept.ts';
import { judgeSettle } from './judge-settle.ts';
import type { DeliveryRow, Outcome, OutcomeNext, Receipt, ReceiptState } from './outcome.ts';
import { deliveryKey, type PartRow, partKey, type SettleState, type SettleWrites } from './settle.ts';

const NOW = 1_770_000_000_000;
const KEY = deliveryKey('acme', 'd');
const PURSE = balanceKey('acme', 'sms');

function row(over: Partial<DeliveryRow> = {}): DeliveryRow {
  return {
    accountId: 'acme',
    id: 'd',
    otpId: 'o',
    channel: 'sms',
    pool: 'sms',
    credits: 2,
    state: 'queued',
    node: 'me',
    carrier: null,
    tries: 0,
    parts: 0,
    partsDelivered: 0,
    settled: false,
    callback: false,
    verification: false,
    ...over,
  };
}

function loaded(delivery: DeliveryRow, over: Partial<SettleState> = {}): SettleState {
  return {
    deliveries: new Map([[KEY, delivery]]),
    balances: new Map([[PURSE, { granted: 10, held: 2, captured: 3 }]]),
    parts: new Map(),
    parked: new Map(),
    ...over,
  };
}

function outcome(next: OutcomeNext, ids: readonly (string | null)[] = ['A1'], over: Partial<Outcome> = {}): Outcome {
  const parts = ids.map((messageId, i) => ({ part: i + 1, outcome: 'accepted' as const, code: 0, messageId }));
  return {
    accountId: 'acme',
    deliveryId: 'd',
    node: 'me',
    at: NOW,
    attempt: { n: 1, carrier: 'c', parts },
    next,
    ...over,
  };
}

const awaiting = (parts = 1): OutcomeNext => ({ kind: 'await_receipt', until: NOW + 600_000, parts });
const receipt = (messageId: string, state: ReceiptState = 'delivered', carrier = 'c'): Receipt => ({
  carrier,
  messageId,
  state,
  code: '000',
  at: NOW,
});

/** What a store would load after saving `writes`. */
function after(before: SettleState, writes: SettleWrites): SettleState {
  const parts = new Map(before.parts);
  for (const { accountId, deliveryId, attempt } of writes.attempts) {
    for (const { part, messageId } of attempt?.parts ?? []) {
      if (messageId === null || attempt === null) continue;
      const { n, carrier } = attempt;
      parts.set(partKey(carrier, messageId), { accountId, deliveryId, n, part, carrier, messageId, receipt: null });
    }
  }
  for (const [key, part] of writes.parts) parts.set(key, part);
  const parked = new Map(before.parked);
  for (const one of writes.park) parked.set(partKey(one.carrier, one.messageId), one);
  for (const key of writes.unpark) parked.delete(key);
  const deliveries = new Map(before.deliveries);
  for (const [key, change] of writes.deliveries) deliveries.set(key, change.row);
  return { deliveries, balances: new Map([...before.balances, ...writes.balances]), parts, parked };
}

/** One batch after another, as a store would run them. */
function run(start: SettleState, ...batches: readonly [readonly Outcome[], readonly Receipt[]][]): SettleState {
  return batches.reduce((state, [o, r]) => after(state, judgeSettle(o, r, state, NOW).writes), start);
}

const stateOf = (state: SettleState) => state.deliveries.get(KEY)?.state;

describe('outcomes', () => {
  it('waits for the receipt with the hold untouched', () => {
    const end = run(loaded(row()), [[outcome(awaiting())], []]);
    expect(end.deliveries.get(KEY)).toMatchObject({ state: 'submitted', carrier: 'c', tries: 1, parts: 1 });
    expect(end.balances.get(PURSE)).toEqual({ granted: 10, held: 2, captured: 3 });
  });

  it('captures when no receipt is awaited, releases when nothing went out', () => {
    const sent = run(loaded(row()), [[outcome({ kind: 'final', state: 'sent', reason: null })], []]);
    expect(sent.balances.get(PURSE)).toEqual({ granted: 10, held: 0, captured: 5 });
    const failed = run(loaded(row()), [[outcome({ kind: 'final', state: 'failed', reason: 'carrier_refused' })], []]);
    expect(failed.balances.get(PURSE)).toEqual({ granted: 10, held: 0, captured: 3 });
  });

  it('is fenced: a node that lost the row changes nothing', () => {
    const { verdicts, writes } = judgeSettle([outcome(awaiting())], [], loaded(row({ node: 'other' })), NOW);
    expect(verdicts).toEqual([{ kind: 'stale' }]);
    expect(writes.attempts).toEqual([]);
    expect(writes.deliveries.size).toBe(0);
  });

  it('keeps the row with its node between tries', () => {
    const end = run(loaded(row()), [[outcome({ kind: 'retry', dueAt: NOW + 2000 }, [null])], []]);
    expect(end.deliveries.get(KEY)).toMatchObject({ state: 'queued', node: 'me', tries: 1 });
  });

  it('counts a try once that is to be made again, however often it is said', () => {
    const retry = outcome({ kind: 'retry', dueAt: NOW + 2000 }, ['A1', null]);
    const once = run(loaded(row()), [[retry], []]);
    const { verdicts, writes } = judgeSettle([retry], [], once, NOW);
    expect(verdicts).toEqual([{ kind: 'applied', state: 'queued' }]);
    expect([writes.attempts, writes.deliveries.size]).toEqual([[], 0]);
    const next = outcome({ kind: 'retry', dueAt: NOW }, [null], { attempt: { n: 2, carrier: 'c', parts: [] } });
    expect(run(once, [[retry, next], []]).deliveries.get(KEY)).toMatchObject({ state: 'queued', tries: 2 });
  });
});

describe('receipts', () => {
  it('delivers when every part is delivered, and not before', () => {
    const two = run(loaded(row()), [[outcome(awaiting(2), ['A1', 'A2'])], [receipt('A1')]]);
    expect(stateOf(two)).toBe('submitted');
    const end = run(two, [[], [receipt('A2')]]);
    expect(stateOf(end)).toBe('delivered');
    expect(end.balances.get(PURSE)).toEqual({ granted: 10, held: 0, captured: 5 });
  });

  it('counts a doubled receipt once, in one batch or in two', () => {
    const start = run(loaded(row()), [[outcome(awaiting(2), ['A1', 'A2'])], []]);
    expect(stateOf(run(start, [[], [receipt('A1'), receipt('A1')]]))).toBe('submitted');
    expect(stateOf(run(start, [[], [receipt('A1')]], [[], [receipt('A1')]]))).toBe('submitted');
  });

  it('is parked when it overtakes the submit, and applied with it', () => {
    const early = judgeSettle([], [receipt('A1')], loaded(row()), NOW);
    expect(early.verdicts).toEqual([{ kind: 'parked' }]);
    const end = run(loaded(row()), [[], [receipt('A1')]], [[outcome(awaiting())], []]);
    expect(stateOf(end)).toBe('delivered');
    expect(end.parked.size).toBe(0);
  });

  it('is applied in the very batch that submits', () => {
    expect(stateOf(run(loaded(row()), [[outcome(awaiting())], [receipt('A1')]]))).toBe('delivered');
  });

  it('gives the credits back when one part is undelivered, whatever the others say later', () => {
    const start = run(loaded(row()), [[outcome(awaiting(2), ['A1', 'A2'])], [receipt('A1', 'undelivered')]]);
    expect(start.balances.get(PURSE)).toEqual({ granted: 10, held: 0, captured: 3 });
    const end = run(start, [[], [receipt('A2')]]);
    expect(stateOf(end)).toBe('undelivered');
    expect(end.balances.get(PURSE)).toEqual({ granted: 10, held: 0, captured: 3 });
  });

  it('moves a message that was closed as sent, without charging again', () => {
    const closed = run(loaded(row()), [[outcome(awaiting())], []], [[], [receipt('A1', 'unknown')]]);
    expect(stateOf(closed)).toBe('sent');
    const part: PartRow = {
      accountId: 'acme',
      deliveryId: 'd',
      n: 1,
      part: 1,
      carrier: 'c',
      messageId: 'A1',
      receipt: null,
    };
    const reopened = { ...closed, parts: new Map([[partKey('c', 'A1'), part]]) };
    const end = run(reopened, [[], [receipt('A1')]]);
    expect(stateOf(end)).toBe('delivered');
    expect(end.balances.get(PURSE)).toEqual({ granted: 10, held: 0, captured: 5 });
  });

  it('of a carrier that was given up counts for nothing', () => {
    const end = run(
      loaded(row()),
      [[outcome({ kind: 'retry', dueAt: NOW }, ['A1', null])], []],
      [
        [
          outcome(awaiting(2), ['B1', 'B2'], {
            attempt: {
              n: 2,
              carrier: 'other',
              parts: [
                { part: 1, outcome: 'accepted', code: 0, messageId: 'B1' },
                { part: 2, outcome: 'accepted', code: 0, messageId: 'B2' },
              ],
            },
          }),
        ],
        [receipt('A1'), receipt('B1', 'delivered', 'other')],
      ],
    );
    expect(end.deliveries.get(KEY)).toMatchObject({ state: 'submitted', partsDelivered: 1 });
  });

  it('moves nothing while the carrier only says that it is on its way', () => {
    const end = run(loaded(row()), [[outcome(awaiting())], [receipt('A1', 'pending'), receipt('nobody', 'pending')]]);
    expect(stateOf(end)).toBe('submitted');
    expect(end.parked.size).toBe(0);
  });
});

it('whatever comes in whatever order: the hold ends at most once, and a final message ends it exactly once', () => {
  const step = fc.oneof(
    fc
      .constantFrom<OutcomeNext>(
        awaiting(2),
        { kind: 'retry', dueAt: NOW },
        { kind: 'final', state: 'failed', reason: 'carrier_error' },
        { kind: 'final', state: 'sent', reason: null },
      )
      .map((next) => ({ outcomes: [outcome(next, ['A1', 'A2'])], receipts: [] as Receipt[] })),
    fc.record({
      outcomes: fc.constant([] as Outcome[]),
      receipts: fc.array(
        fc
          .record({
            id: fc.constantFrom('A1', 'A2', 'B9'),
            state: fc.constantFrom<ReceiptState>('delivered', 'undelivered', 'unknown', 'pending', 'expired'),
          })
          .map(({ id, state }) => receipt(id, state)),
        { maxLength: 3 },
      ),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      let state = loaded(row());
      let ends = 0;
      for (const { outcomes, receipts } of steps) {
        const { writes } = judgeSettle(outcomes, receipts, state, NOW);
        ends += writes.credits.length;
        state = after(state, writes);
        const { granted, held, captured } = state.balances.get(PURSE) as Balance;
        expect(granted - held - captured).toBeGreaterThanOrEqual(5);
      }
      const final = !['queued', 'submitted'].includes(stateOf(state) ?? '');
      expect(ends).toBe(final ? 1 : 0);
      expect(state.balances.get(PURSE)?.held).toBe(final ? 0 : 2);
    }),
    { numRuns: 500 },
  );
});

describe('calls', () => {
  const VOICE = balanceKey('acme', 'voice');
  const call = (over: Partial<DeliveryRow> = {}): SettleState => ({
    ...loaded(row({ channel: 'voice', pool: 'voice', callback: true, ...over })),
    balances: new Map([[VOICE, { granted: 10, held: 2, captured: 3 }]]),
  });
  const inCall: OutcomeNext = { kind: 'in_call', until: NOW + 60_000 };
  const ended = (next: OutcomeNext) => outcome(next, [], { attempt: null });

  it('are charged once, when they were answered and have ended', () => {
    const answered = run(call(), [[outcome(inCall, [null])], []]);
    expect(answered.deliveries.get(KEY)).toMatchObject({ state: 'submitted', node: 'me', tries: 1 });
    expect(answered.balances.get(VOICE)).toEqual({ granted: 10, held: 2, captured: 3 });
    const hangUp = ended({ kind: 'final', state: 'delivered', reason: null });
    const end = run(answered, [[hangUp], []], [[hangUp], []]);
    expect(stateOf(end)).toBe('delivered');
    expect(end.balances.get(VOICE)).toEqual({ granted: 10, held: 0, captured: 5 });
  });

  it('owe one callback at their end, whatever is said afterwards', () => {
    const batch = [
      outcome(inCall, [null]),
      ended({ kind: 'final', state: 'delivered', reason: null }),
      ended({ kind: 'final', state: 'failed', reason: 'node_lost' }),
    ];
    const { verdicts, writes } = judgeSettle(batch, [], call(), NOW);
    const due = { accountId: 'acme', id: 'd', subjectId: 'd', event: 'call.finished', createdAt: NOW };
    expect(writes.callbacks).toEqual([due]);
    expect(verdicts).toEqual([
      { kind: 'applied', state: 'submitted' },
      { kind: 'applied', state: 'delivered', callback: due },
      { kind: 'stale' },
    ]);
  });

  it('that go on may be said to go on twice, and nothing is written the second time', () => {
    const answered = run(call(), [[outcome(inCall, [null])], []]);
    const { verdicts, writes } = judgeSettle([outcome(inCall, [null])], [], answered, NOW + 1);
    expect(verdicts).toEqual([{ kind: 'applied', state: 'submitted' }]);
    expect([writes.attempts, writes.deliveries.size, writes.calls]).toEqual([[], 0, []]);
    const others = [outcome(inCall, [null], { node: 'other' }), outcome(awaiting(), [null])];
    expect(judgeSettle(others, [], answered, NOW).verdicts).toEqual([{ kind: 'stale' }, { kind: 'stale' }]);
  });

  it('that go on cannot be dialled again', () => {
    const again = outcome({ kind: 'retry', dueAt: NOW }, [null]);
    const { verdicts } = judgeSettle([outcome(inCall, [null]), again], [], call(), NOW);
    expect(verdicts[1]).toEqual({ kind: 'stale' });
  });
});

describe('callbacks of a message', () => {
  it('tell of each final state once, and of none that was not reached', () => {
    const start = loaded(row({ callback: true }));
    const sent = outcome({ kind: 'final', state: 'sent', reason: null });
    const { writes } = judgeSettle([sent, sent], [receipt('A1'), receipt('A1')], start, NOW);
    expect(writes.callbacks.map(({ id, event }) => [id, event])).toEqual([
      ['d.sent', 'message.sent'],
      ['d.delivered', 'message.delivered'],
    ]);
    expect(judgeSettle([outcome(awaiting())], [], start, NOW).writes.callbacks).toEqual([]);
    expect(judgeSettle([sent], [], loaded(row()), NOW).writes.callbacks).toEqual([]);
  });
});
