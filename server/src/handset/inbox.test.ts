import { expect, test } from 'vitest';
import type { Log } from '../observe/log.ts';
import { silentLog } from '../observe/log.ts';
import { idSource } from '../values/id.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { systemRandom } from '../values/random.ts';
import { glassVault } from './glass-vault.ts';
import { openInbox } from './inbox.ts';
import { memoryHandsetStore } from './memory-handset-store.ts';
import type { HandsetMessage } from './message.ts';

const forever = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

function house(log: Log = silentLog) {
  const clock = new ManualClock();
  const ids = idSource(clock, systemRandom());
  const table = memoryHandsetStore();
  const node = () => openInbox({ store: table, vault: glassVault, clock, log });
  const message = (text: string, to = '+9779851023212'): HandsetMessage => ({
    id: ids(),
    to,
    from: null,
    text,
    segments: 1,
    encoding: 'gsm7',
    dataCoding: 0,
    parts: [],
    receivedAt: clock.now(),
  });
  const arrival = (text: string, to?: string, accountId = 'account-1') => ({ accountId, message: message(text, to) });
  return { clock, table, node, arrival, inbox: node() };
}

/** Moves time on until `promise` settles. */
async function after<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  const done = promise.finally(() => {
    settled = true;
  });
  while (!settled) {
    await turn();
    clock.advance(50);
  }
  return done;
}

test('messages are listed newest first, by account and by number', async () => {
  const { inbox, arrival } = house();
  await inbox.land([arrival('one'), arrival('two', '+9779851000100'), arrival('foreign', undefined, 'account-2')]);
  await inbox.land([arrival('three')]);
  const texts = async (to: string | null, limit: number) =>
    (await inbox.messages('account-1', to, limit)).map((message) => message.text);
  expect(await texts(null, 10)).toEqual(['three', 'two', 'one']);
  expect(await texts('+9779851023212', 10)).toEqual(['three', 'one']);
  expect(await texts(null, 1)).toEqual(['three']);
});

test('the store holds no text and no number in the open', async () => {
  const { inbox, arrival, table } = house();
  const { message, accountId } = arrival('482913 is your code');
  await inbox.land([{ accountId, message }]);
  expect(table.commits[0]?.[0]).toEqual({
    accountId,
    id: message.id,
    numberDigest: glassVault.numberDigest(accountId, message.to),
    sealed: glassVault.seal({ account: accountId, row: message.id, column: 'handset' }, JSON.stringify(message)),
    receivedAt: message.receivedAt,
  });
});

test('waiting ends with the first message to come, not with one from before', async () => {
  const { inbox, arrival } = house();
  await inbox.land([arrival('before')]);
  const waiting = inbox.next('account-1', null, null, 30_000, forever);
  await inbox.land([arrival('first'), arrival('second')]);
  expect((await waiting)?.text).toBe('first');
});

test('a message that lands while the wait begins is not taken for an old one', async () => {
  const { inbox, arrival, table } = house();
  const list = table.handset.list;
  table.handset.list = async (...args) => {
    await inbox.land([arrival('just now')]);
    return list(...args);
  };
  expect((await inbox.next('account-1', null, null, 30_000, forever))?.text).toBe('just now');
});

test('only messages to the number end the wait for it', async () => {
  const { inbox, arrival, clock } = house();
  const waiting = inbox.next('account-1', '+9779851000100', null, 1_000, forever);
  await turn();
  await inbox.land([arrival('other number'), arrival('other account', '+9779851000100', 'account-2')]);
  expect(await after(clock, waiting)).toBeNull();
});

test('with a cursor, every message after it is given once and in order', async () => {
  const { inbox, arrival } = house();
  const start = arrival('start');
  await inbox.land([start, arrival('one'), arrival('two')]);
  const seen: string[] = [];
  for (let cursor = start.message.id; seen.length < 2; ) {
    const message = await inbox.next('account-1', null, cursor, 0, forever);
    seen.push(message?.text ?? 'none');
    cursor = message?.id ?? cursor;
  }
  expect(seen).toEqual(['one', 'two']);
});

test('a message taken by another node ends the wait within a poll', async () => {
  const { inbox, node, arrival, clock } = house();
  const started = clock.now();
  const waiting = inbox.next('account-1', null, null, 30_000, forever);
  await turn();
  await node().land([arrival('from elsewhere')]);
  expect((await after(clock, waiting))?.text).toBe('from elsewhere');
  expect(clock.now() - started).toBeLessThanOrEqual(300);
});

test('the wait ends with nothing after its time, and when it is given up', async () => {
  const { inbox, clock } = house();
  const started = clock.now();
  expect(await after(clock, inbox.next('account-1', null, null, 1_000, forever))).toBeNull();
  expect(clock.now() - started).toBeGreaterThanOrEqual(1_000);

  const controller = new AbortController();
  const waiting = inbox.next('account-1', null, null, 30_000, controller.signal);
  await turn();
  controller.abort();
  expect(await waiting).toBeNull();
});

test('a cell that does not open is passed over and named in the log, without its text', async () => {
  const lines: unknown[] = [];
  const { inbox, arrival, table } = house({ ...silentLog, warn: (...line) => lines.push(line) });
  const moved = arrival('moved');
  await inbox.land([moved, arrival('whole')]);
  const rows = table.commits[0]?.map((row, index) => (index === 0 ? { ...row, accountId: 'account-2' } : row)) ?? [];
  table.commits.splice(0, 1, rows);
  expect(await inbox.messages('account-2', null, 10)).toEqual([]);
  expect(await inbox.next('account-2', null, '0', 0, forever)).toBeNull();
  expect(lines[0]).toEqual(['handset_message_sealed', { account_id: 'account-2', message_id: moved.message.id }]);
});
