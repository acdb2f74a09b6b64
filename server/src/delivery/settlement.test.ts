import { describe, expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { silentLog } from '../observe/log.ts';
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
    async settle(outcomes: readonly Outcome[], receipts: readonly Receipt[]): Promise<SettleVerdict[]> {
      if (!engine.reachable) throw new PassbellError('unavailable', { reason: 'store' });
      engine.calls.push([outcomes, receipts]);
      return [
        ...outcomes.map(() => ({ kind: 'stale' as const })),
        ...receipts.map(() => ({ kind: 'parked' as const })),
      ];
    },
  } as unknown as Store;
  return { clock, engine, lane: settlement({ store, clock, log: silentLog }) };
}

describe('settlement', () => {
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
