import { describe, expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { type LogFields, silentLog } from '../observe/log.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { strays } from './strays.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function stage() {
  const clock = new ManualClock();
  const lease = { node: 'me', isValid: true, valid: () => lease.isValid };
  /** What stands as whose in the store, and what this node knows of it. */
  const rows = { deliveries: new Map<string, string>(), callbacks: new Map<string, string>() };
  const memory = { deliveries: new Set<string>(), callbacks: new Set<string>() };
  const asked: string[] = [];
  const said: [string, LogFields][] = [];
  let failure: unknown = null;

  async function of(kind: 'deliveries' | 'callbacks', node: string): Promise<string[]> {
    asked.push(node);
    if (failure !== null) throw failure;
    return [...rows[kind]].filter(([, owner]) => owner === node).map(([id]) => id);
  }
  async function free(kind: 'deliveries' | 'callbacks', node: string, ids: readonly string[]): Promise<number> {
    const found = ids.filter((id) => rows[kind].get(id) === node);
    for (const id of found) rows[kind].delete(id);
    return found.length;
  }
  const store = {
    doubts: 0,
    strays: {
      deliveriesOf: (node: string) => of('deliveries', node),
      callbacksOf: (node: string) => of('callbacks', node),
      freeDeliveries: (node: string, ids: readonly string[]) => free('deliveries', node, ids),
      freeCallbacks: (node: string, ids: readonly string[]) => free('callbacks', node, ids),
    },
  };
  const knows = (kind: 'deliveries' | 'callbacks') => ({ holds: () => (id: string) => memory[kind].has(id) });
  const note = (event: string, fields: LogFields) => void said.push([event, fields]);
  const chore = strays({
    ...{ store, lease, clock, deliveries: knows('deliveries'), callbacks: knows('callbacks') },
    log: { ...silentLog, warn: note, error: note },
  });
  async function after(ms: number): Promise<void> {
    clock.advance(ms);
    await settled();
  }
  async function start(): Promise<void> {
    chore.start();
    await settled();
  }
  const fail = (error: unknown) => {
    failure = error;
  };
  return { chore, start, store, lease, rows, memory, asked, said, fail, after };
}

describe('strays', () => {
  it('ask nothing of a store that has answered everything', async () => {
    const { chore, start, asked, rows, after } = stage();
    rows.deliveries.set('d', 'me');
    await start();
    for (let second = 0; second < 60; second += 1) await after(1_000);
    expect(asked).toEqual([]);
    expect(rows.deliveries.size).toBe(1);
    chore.stop();
  });

  it('are let go of once two looks have found them in no memory', async () => {
    const { chore, start, store, rows, memory, said, after } = stage();
    for (const id of ['lost', 'known']) rows.deliveries.set(id, 'me').set(`${id} elsewhere`, 'other');
    for (const id of ['untold', 'known']) rows.callbacks.set(id, 'me');
    memory.deliveries.add('known');
    memory.callbacks.add('known');
    await start();
    store.doubts = 1;
    await after(1_000);
    expect(said).toEqual([]);
    await after(15_000);
    expect([...rows.deliveries.keys()]).toEqual(['lost elsewhere', 'known', 'known elsewhere']);
    expect([...rows.callbacks.keys()]).toEqual(['known']);
    expect(said).toEqual([['strays_let_go', { node: 'me', deliveries: 1, callbacks: 1 }]]);
    chore.stop();
  });

  it('are not what was between the store and this memory at one of the looks', async () => {
    const { chore, start, store, rows, memory, said, after } = stage();
    rows.deliveries.set('arriving', 'me');
    await start();
    store.doubts = 1;
    await after(1_000);
    memory.deliveries.add('arriving');
    rows.deliveries.set('accepted since', 'me');
    await after(15_000);
    memory.deliveries.add('accepted since');
    for (let looks = 0; looks < 4; looks += 1) await after(15_000);
    expect(rows.deliveries.size).toBe(2);
    expect(said).toEqual([]);
    chore.stop();
  });

  it('are found when their commit came to pass late, and looked for no longer than that', async () => {
    const { chore, start, store, rows, asked, after } = stage();
    await start();
    store.doubts = 1;
    await after(1_000);
    rows.callbacks.set('late', 'me');
    await after(15_000);
    expect(rows.callbacks.size).toBe(1);
    await after(15_000);
    expect(rows.callbacks.size).toBe(0);
    for (let looks = 0; looks < 10; looks += 1) await after(15_000);
    expect(asked).toHaveLength(8);
    store.doubts = 2;
    await after(1_000);
    expect(asked).toHaveLength(10);
    chore.stop();
  });

  it('of a lease that was lost are left to those who claim them', async () => {
    const { chore, start, store, lease, rows, asked, after } = stage();
    rows.deliveries.set('old', 'me');
    await start();
    store.doubts = 1;
    await after(1_000);
    lease.isValid = false;
    await after(15_000);
    expect(asked).toEqual(['me', 'me']);
    lease.isValid = true;
    lease.node = 'me again';
    rows.deliveries.set('new', 'me again');
    await after(15_000);
    expect([...rows.deliveries.keys()]).toEqual(['old', 'new']);
    await after(15_000);
    expect([...rows.deliveries.keys()]).toEqual(['old']);
    chore.stop();
  });

  it('are looked for until the store can be asked, which is logged if it should have been', async () => {
    const { chore, start, store, rows, said, fail, after } = stage();
    rows.deliveries.set('lost', 'me');
    await start();
    store.doubts = 1;
    fail(new PassbellError('unavailable', { reason: 'store' }));
    for (let looks = 0; looks < 10; looks += 1) await after(15_000);
    expect(said).toEqual([]);
    fail(new Error('broken'));
    await after(15_000);
    expect(said.map(([event]) => event)).toEqual(['strays_not_let_go']);
    fail(null);
    await after(15_000);
    await after(15_000);
    expect(rows.deliveries.size).toBe(0);
    chore.stop();
  });
});
