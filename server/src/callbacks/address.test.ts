import { expect, test } from 'vitest';
import { ManualClock } from '../values/manual-clock.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { addresser } from './address.ts';
import type { CallbackContent, CallbackRow, Outbox } from './callback.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { newSigningSecret } from './signing-secret.ts';

const secrets = [newSigningSecret(seededRandom(1))];
const contentTo = (receiver: string): CallbackContent => ({ receiver, url: 'https://a.example/', body: '{}', secrets });

function open({ spread }: Partial<Outbox> = {}) {
  const clock = new ManualClock();
  const outbox = memoryOutbox();
  const writes: string[] = [];
  const rows = addresser({
    clock,
    outbox: {
      spread(spreads) {
        writes.push(spreads.map(({ id, receivers }) => `${id} ${receivers}`).join(', '));
        return (spread ?? outbox.spread)(spreads);
      },
    },
  });
  /** Addresses a callback of this node's to one receiver. */
  async function to(receiver: string, over: Partial<CallbackRow> & { id: string }): Promise<CallbackRow> {
    const due = { accountId: 'account', subjectId: 's', event: 'call.finished', createdAt: 0 } as const;
    const row = { ...due, receiver: null, attempts: 0, node: 'n1', ...over };
    outbox.add([row], 'n1');
    const [addressed] = await rows.address(row, [contentTo(receiver)]);
    return addressed?.row ?? row;
  }
  async function after(ms: number): Promise<void> {
    clock.advance(ms);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  return { outbox, rows, writes, to, after };
}

test('whom a callback is for is written down while its first try takes long, together with others', async () => {
  const { outbox, writes, to, after } = open();
  await to('a', { id: 'one' });
  await to('b', { id: 'two' });
  await after(249);
  expect([outbox.get('one')?.row.receiver, writes]).toEqual([null, []]);
  await to('a', { id: 'young' });
  await after(1);
  expect(writes).toEqual(['one a, two b']);
  expect(outbox.get('one')).toMatchObject({ state: 'pending', node: 'n1', row: { receiver: 'a' } });
  await after(249);
  expect(writes).toHaveLength(1);
  await after(1);
  expect(writes.slice(1)).toEqual(['young a']);
  await after(60_000);
  expect(writes).toHaveLength(2);
});

test('nothing is written of what ended before, nor where it is known', async () => {
  const { rows, writes, to, after } = open();
  rows.ended(await to('a', { id: 'one' }));
  await to('a', { id: 'again', receiver: 'a', attempts: 1 });
  await after(60_000);
  expect(writes).toEqual([]);
});

test('it is tried once: what ends says it as well', async () => {
  const { writes, to, after } = open({ spread: () => Promise.reject(new Error('away')) });
  await to('a', { id: 'one' });
  await after(60_000);
  expect(writes).toEqual(['one a']);
});
