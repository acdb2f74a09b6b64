import { describe, expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { silentLog } from '../observe/log.ts';
import type { CallbackDue } from '../rules/callback.ts';
import type { Outcome, Receipt } from '../rules/outcome.ts';
import type { SettleVerdict } from '../rules/settle.ts';
import type { Store } from '../store/store.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { settlement } from './settlement.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const outcome = (deliveryId: string): Outcome => ({
  accountId: 'a',
  deliveryId,
  node: 'n',
  at: 0,
  attempt: null,
  next: { kind: 'final', state: 'failed', reason: null },
});
const receipt = (messageId: string): Receipt => ({ carrier: 'c', messageId, state: 'delivered', code: null, at: 0 });

function open() {
  const clock = new ManualClock();
  const engine = { reachable: true, calls: [] as [readonly Outcome[], readonly Receipt[]][] };
  const store = {
    async settle(outcomes: readonly Outcome[], receipts: readonly Receipt[], node: string): Promise<SettleVerdict[]> {
      expect(node).toBe('me');
      if (!engine.reachable) throw new PassbellError('unavailable', { reason: 'store' });
      engine.calls.push([outcomes, receipts]);
      return [
        ...outcomes.map(({ deliveryId }) => verdictOn(deliveryId)),
        ...receipts.map(() => ({ kind: 'parked' as const })),
      ];
    },
  } as unknown as Store;
  const told: unknown[] = [];
  const onCallbacks = (due: readonly CallbackDue[], node: string) => void told.push([due.map(({ id }) => id), node]);
  const lane = settlement({ store, lease: { node: 'me' }, onCallbacks, clock, log: silentLog });
  return { clock, engine, told, lane };
}

/** Deliveries named `ends…` end, and owe a callback. */
function verdictOn(deliveryId: string): SettleVerdict {
  if (!deliveryId.startsWith('ends')) return { kind: 'stale' };
  const callback = {
    accountId: 'a',
    id: deliveryId,
    subjectId: deliveryId,
    event: 'call.finished',
    createdAt: 0,
  } as const;
  return { kind: 'applied', state: 'failed', callback };
}

describe('settlement', () => {
  it('tells of the callbacks that a commit made due, once it is made', async () => {
    const { lane, told } = open();
    const saved = Promise.all([
      lane.outcome(outcome('ends-1')),
      lane.outcome(outcome('x')),
      lane.outcome(outcome('ends-2')),
    ]);
    expect(told).toEqual([]);
    await saved;
    expect(told).toEqual([[['ends-1', 'ends-2'], 'me']]);
  });

  it('saves what comes together in one commit, and gives each its own verdict', async () => {
    const { engine, lane } = open();
    const verdicts = [lane.receipts([receipt('r')]), lane.outcome(outcome('x')), lane.outcome(outcome('y'))];
    expect(await Promise.all(verdicts)).toEqual([undefined, { kind: 'stale' }, { kind: 'stale' }]);
    expect(engine.calls).toHaveLength(1);
    expect(engine.calls[0]?.[0].map((one) => one.deliveryId)).toEqual(['x', 'y']);
  });

  it('keeps an outcome until the store is back', async () => {
    const { clock, engine, lane } = open();
    engine.reachable = false;
    const saved = lane.outcome(outcome('x'));
    for (let i = 0; i < 20; i++) {
      await settled();
      clock.advance(250);
    }
    expect(lane.waiting).toBe(1);
    engine.reachable = true;
    clock.advance(250);
    expect(await saved).toEqual({ kind: 'stale' });
    expect(lane.waiting).toBe(0);
  });

  it('rejects receipts while the store is away: the carrier keeps them', async () => {
    const { engine, lane } = open();
    engine.reachable = false;
    await expect(lane.receipts([receipt('r')])).rejects.toMatchObject({ code: 'unavailable' });
  });
});
