import { describe, expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import type { LogFields } from '../observe/log.ts';
import { silentLog } from '../observe/log.ts';
import type { Store } from '../store/store.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { withdrawals } from './withdrawals.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function stage({ waiting = 1, held = true } = {}) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const taken: Record<'messages' | 'calls', string[][]> = { messages: [], calls: [] };
  const errors: string[] = [];
  const store = { answer: async () => new Set<string>(['d1']) };
  const desk = (name: 'messages' | 'calls', waiting: number) => ({
    ...{ waiting, holding: waiting },
    withdraw: (deliveries: ReadonlySet<string>) => void taken[name].push([...deliveries]),
  });
  const withdrawn = withdrawals({
    store: {
      verifications: {
        withdrawn: (node: string) => {
          asked.push(node);
          return store.answer();
        },
      },
    } as unknown as Pick<Store, 'verifications'>,
    lease: { node: 'me', valid: () => held },
    messages: desk('messages', 0),
    calls: desk('calls', waiting),
    clock,
    log: { ...silentLog, error: (event: string, _: LogFields) => void errors.push(event) },
  });
  return { clock, asked, taken, errors, store, withdrawn };
}

describe('withdrawals', () => {
  it('ask for what waits at this node, and take back what is wanted no more', async () => {
    const { withdrawn, asked, taken } = stage();
    await withdrawn.look();
    expect(asked).toEqual(['me']);
    expect(taken).toEqual({ messages: [['d1']], calls: [['d1']] });
  });

  it("ask nothing while nothing waits, or while what waits may be another node's by now", async () => {
    for (const idle of [stage({ waiting: 0 }), stage({ held: false })]) {
      await idle.withdrawn.look();
      expect(idle.asked).toEqual([]);
    }
  });

  it('go on every second, when the store is away or fails too, until they are stopped', async () => {
    const { withdrawn, asked, errors, store, clock } = stage();
    const answers = [
      () => Promise.reject(new PassbellError('unavailable', { reason: 'store' })),
      () => Promise.reject(new Error('broken')),
      async () => new Set<string>(),
    ];
    store.answer = () => (answers.shift() ?? (async () => new Set<string>()))();
    withdrawn.start();
    for (let round = 1; round <= 4; round += 1) {
      await settled();
      expect(asked).toHaveLength(round);
      clock.advance(1_000);
    }
    expect(errors).toEqual(['withdrawal_failed']);
    withdrawn.stop();
    await settled();
    clock.advance(10_000);
    await settled();
    expect(asked).toHaveLength(5);
  });

  it('rest for long after a long look', async () => {
    const { withdrawn, asked, store, clock } = stage();
    store.answer = async () => {
      clock.advance(500);
      return new Set<string>();
    };
    withdrawn.start();
    await settled();
    clock.advance(9_999);
    await settled();
    expect(asked).toHaveLength(1);
    clock.advance(1);
    await settled();
    expect(asked).toHaveLength(2);
  });
});
