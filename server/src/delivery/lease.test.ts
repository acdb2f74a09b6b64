import { describe, expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { silentLog } from '../observe/log.ts';
import type { Store } from '../store/store.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { LEASE_MS, nodeLease } from './lease.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function leased() {
  const clock = new ManualClock();
  const engine = { answer: 'renewed' as 'renewed' | 'taken' | 'gone', beats: [] as string[], left: [] as string[] };
  const nodes: Store['nodes'] = {
    async beat(node) {
      engine.beats.push(node);
      if (engine.answer === 'gone') throw new PassbellError('unavailable', { reason: 'store' });
      const spent = engine.answer === 'taken' && node === 'n1';
      return !spent;
    },
    async leave(node) {
      engine.left.push(node);
    },
    list: async () => [],
  };
  let serial = 0;
  const lease = nodeLease({ store: { nodes } as Store, clock, ids: () => `n${++serial}`, log: silentLog });
  return { clock, engine, lease };
}

describe('nodeLease', () => {
  it('is valid while it is renewed', async () => {
    const { clock, lease } = leased();
    expect(lease.valid()).toBe(false);
    await lease.start();
    for (let i = 0; i < 10; i++) {
      expect(lease.valid()).toBe(true);
      clock.advance(2_000);
      await settled();
    }
  });

  it('ends for this node before it ends for the others, when the store is silent', async () => {
    const { clock, engine, lease } = leased();
    await lease.start();
    engine.answer = 'gone';
    clock.advance(LEASE_MS - 1_000);
    await settled();
    expect(lease.valid()).toBe(false);
    engine.answer = 'renewed';
    clock.advance(2_000);
    await settled();
    expect(lease.valid()).toBe(true);
    expect(lease.node).toBe('n1');
  });

  it('does not outlive a stop of the whole process: SIGSTOP moves no counter but the clock', async () => {
    const { clock, lease } = leased();
    await lease.start();
    // The timers of a stopped process have not run when it goes on.
    clock.leap(60_000);
    expect(lease.valid()).toBe(false);
  });

  it('goes on under a new name after others took its work', async () => {
    const { clock, engine, lease } = leased();
    await lease.start();
    engine.answer = 'taken';
    clock.advance(2_000);
    await settled();
    expect(lease.node).toBe('n2');
    expect(lease.valid()).toBe(true);
  });

  it('is given up at a stop', async () => {
    const { clock, engine, lease } = leased();
    await lease.start();
    await lease.stop();
    expect(lease.valid()).toBe(false);
    expect(engine.left).toEqual(['n1']);
    const before = engine.beats.length;
    clock.advance(10_000);
    expect(engine.beats).toHaveLength(before);
  });
});
