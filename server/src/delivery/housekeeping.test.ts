import { expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { type Log, silentLog } from '../observe/log.ts';
import type { Store } from '../store/store.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { housekeeping } from './housekeeping.ts';

function stage(over: { overdue?: number[]; fail?: Error } = {}) {
  const calls: string[] = [];
  const overdue = [...(over.overdue ?? [])];
  const store = {
    closeOverdue: async () => {
      calls.push('overdue');
      if (over.fail) throw over.fail;
      return overdue.shift() ?? 0;
    },
    sweep: async () => 0,
    otps: {
      eraseContent: async () => {
        calls.push('erase');
        return 0;
      },
    },
    handset: { sweep: async () => 0 },
    handsetCalls: { sweep: async () => 0 },
    callbacks: { sweep: async () => 0 },
    replays: { sweep: async () => 0 },
    users: { sweepSessions: async () => {} },
    retention: { eraseOwnContent: async () => 0, eraseDue: async () => 0 },
    audit: { trim: async () => 0 },
    accounts: { list: async () => [] },
  } as unknown as Store;
  const logged: string[] = [];
  const log: Log = { ...silentLog, error: (event) => void logged.push(event) };
  const clock = new ManualClock();
  return { clock, calls, logged, chores: housekeeping({ store, clock, ids: () => 'id', log }) };
}

it('goes on with a chore while it finds a full chunk', async () => {
  const { calls, chores } = stage({ overdue: [500, 500, 12] });
  await chores.round();
  expect(calls.filter((call) => call === 'overdue')).toHaveLength(3);
});

it('lets a chore that fails keep none of the others from theirs', async () => {
  const { calls, logged, chores } = stage({ fail: new Error('broken') });
  await chores.round();
  expect(calls).toContain('erase');
  expect(logged).toEqual(['chore_failed']);
});

it('says nothing while the store is away: those who need it do', async () => {
  const { logged, chores } = stage({ fail: new PassbellError('unavailable', { reason: 'store' }) });
  await chores.round();
  expect(logged).toEqual([]);
});

it('comes round by itself until it is stopped', async () => {
  const { clock, calls, chores } = stage();
  chores.start();
  clock.advance(5_000);
  await new Promise((resolve) => setImmediate(resolve));
  const once = calls.length;
  expect(once).toBeGreaterThan(0);
  clock.advance(5_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls.length).toBeGreaterThan(once);
  chores.stop();
  const stopped = calls.length;
  clock.advance(60_000);
  expect(calls).toHaveLength(stopped);
});
