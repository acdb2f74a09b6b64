import { expect, test } from 'vitest';
import type { CarrierReceipt } from '../../carrier.ts';
import { ReceiptDesk } from './receipt-desk.ts';

const receipt = (messageId: string): CarrierReceipt => ({ messageId, state: 'delivered', code: null, at: 0 });
const turn = () => new Promise((resolve) => setImmediate(resolve));

function desk() {
  const answers: [string, number][] = [];
  let refused = 0;
  let settled = 0;
  const one = new ReceiptDesk(
    (count) => {
      refused += count;
    },
    () => {
      settled += 1;
    },
  );
  const take = (messageId: string) => one.take(receipt(messageId), (status) => answers.push([messageId, status]));
  return { one, take, answers, refused: () => refused, settled: () => settled };
}

test('receipts of one turn go in one batch, and are acknowledged once it was taken', async () => {
  const { one, take, answers, settled } = desk();
  const batches: string[][] = [];
  const commit = Promise.withResolvers<void>();
  one.onReceipts((receipts) => {
    batches.push(receipts.map(({ messageId }) => messageId));
    return commit.promise;
  });
  take('1');
  take('2');
  await turn();
  expect(batches).toEqual([['1', '2']]);
  expect(answers).toEqual([]);
  expect(one.open).toBe(2);
  commit.resolve();
  await turn();
  expect(answers).toEqual([
    ['1', 0],
    ['2', 0],
  ]);
  expect([one.open, settled()]).toEqual([0, 1]);
});

test.each([
  ['rejects', () => Promise.reject(new Error('store is down'))],
  [
    'throws',
    () => {
      throw new Error('bug');
    },
  ],
])('receipts whose listener %s are asked for again', async (_, listener) => {
  const { one, take, answers, refused } = desk();
  one.onReceipts(listener);
  take('1');
  await turn();
  expect(answers).toEqual([['1', 0x14]]);
  expect(refused()).toBe(1);
});

test('receipts that nobody listens for are asked for again', async () => {
  const { take, answers } = desk();
  take('1');
  await turn();
  expect(answers).toEqual([['1', 0x14]]);
});

test('a listener that hangs does not fill the memory', async () => {
  const { one, take, answers, refused } = desk();
  one.onReceipts(() => new Promise(() => {}));
  for (let i = 0; i < 10_001; i++) take(String(i));
  await turn();
  expect(answers).toEqual([['10000', 0x14]]);
  expect(refused()).toBe(1);
});
