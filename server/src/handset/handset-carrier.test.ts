import { expect, test } from 'vitest';
import { silentLog } from '../observe/log.ts';
import type { CarrierReceipt } from '../sms/carrier.ts';
import { idSource } from '../values/id.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { systemRandom } from '../values/random.ts';
import { handsetCarrier } from './handset-carrier.ts';
import type { Arrival } from './inbox.ts';
import { outboundSms } from './outbound-sms-example.ts';

const forever = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

function phone(land?: (arrivals: readonly Arrival[]) => Promise<void>) {
  const clock = new ManualClock();
  const landed: (readonly Arrival[])[] = [];
  const inbox = {
    async land(arrivals: readonly Arrival[]) {
      landed.push(arrivals);
      await land?.(arrivals);
    },
  };
  const carrier = handsetCarrier({ inbox, clock, ids: idSource(clock, systemRandom()), log: silentLog });
  const receipts: CarrierReceipt[] = [];
  carrier.onReceipts(async (more) => {
    receipts.push(...more);
  });
  return { clock, carrier, landed, receipts };
}

test('a message lands in the inbox and is reported as delivered', async () => {
  const { carrier, landed, receipts, clock } = phone();
  const [result] = await carrier.send(outboundSms('+9779851023212'), forever);
  expect(receipts).toEqual([]);
  await turn();
  const message = landed[0]?.[0]?.message;
  expect(message).toEqual({
    id: expect.any(String),
    to: '+9779851023212',
    from: 'ACME',
    text: 'Hi',
    segments: 1,
    encoding: 'gsm7',
    dataCoding: 0,
    parts: ['4869'],
    receivedAt: clock.now(),
  });
  expect(result).toEqual({ outcome: 'accepted', messageId: message?.id });
  expect(receipts).toEqual([{ messageId: message?.id, state: 'delivered', code: '000', at: clock.now() }]);
});

test('each part of a long message is answered and reported under its own id', async () => {
  const { carrier, landed, receipts } = phone();
  const parts = [1, 2].map((index) => ({ payload: Uint8Array.of(0, index), index, total: 2, reference: 7 }));
  const results = await carrier.send(outboundSms('+9779851023212', { encoding: 'ucs2', parts }), forever);
  await turn();
  expect(landed[0]?.[0]?.message).toMatchObject({
    segments: 2,
    dataCoding: 8,
    parts: ['0500030702010001', '0500030702020002'],
  });
  const ids = results.map((result) => (result.outcome === 'accepted' ? result.messageId : null));
  expect(new Set(ids).size).toBe(2);
  expect(receipts.map((receipt) => receipt.messageId)).toEqual(ids);
});

test('the endings of the number make the phone misbehave', async () => {
  const { carrier, landed, receipts, clock } = phone();
  const submit = async (to: string) => {
    receipts.length = 0;
    landed.length = 0;
    await carrier.send(outboundSms(to), forever);
    await turn();
    return { inbox: landed.flat().length, receipts: receipts.map((receipt) => receipt.state) };
  };
  expect(await submit('+9779851020001')).toEqual({ inbox: 0, receipts: ['undelivered'] });
  expect(await submit('+9779851020003')).toEqual({ inbox: 1, receipts: ['delivered', 'delivered'] });
  expect(await submit('+9779851020004')).toEqual({ inbox: 1, receipts: [] });
  expect(await submit('+9779851020011')).toEqual({ inbox: 1, receipts: ['delivered'] });

  expect(await submit('+9779851020002')).toEqual({ inbox: 1, receipts: [] });
  clock.advance(4_999);
  expect(receipts).toEqual([]);
  clock.advance(1);
  await turn();
  expect(receipts).toMatchObject([{ state: 'delivered', at: clock.now() }]);
});

test('messages that come while a commit is under way go together into the next', async () => {
  const commits: PromiseWithResolvers<void>[] = [];
  const { carrier, landed } = phone(async () => {
    const commit = Promise.withResolvers<void>();
    commits.push(commit);
    await commit.promise;
  });
  const sends = [carrier.send(outboundSms('+9779851000100'), forever)];
  await turn();
  for (let i = 0; i < 20; i++) sends.push(carrier.send(outboundSms('+9779851000101'), forever));
  await turn();
  expect(landed.map((batch) => batch.length)).toEqual([1]);
  expect(carrier.status().free).toBe(5_000 - 21);

  commits[0]?.resolve();
  await turn();
  expect(landed.map((batch) => batch.length)).toEqual([1, 20]);
  commits[1]?.resolve();
  await Promise.all(sends);
  await turn();
  expect(carrier.status()).toEqual({ state: 'up', free: 5_000, trouble: null });
});

test('receipts that were not taken are offered again', async () => {
  const { carrier, clock } = phone();
  const offers: string[][] = [];
  carrier.onReceipts(async (more) => {
    offers.push(more.map((receipt) => receipt.messageId));
    if (offers.length === 1) throw new Error('store is down');
  });
  await carrier.send(outboundSms('+9779851023212'), forever);
  await turn();
  clock.advance(1_000);
  await turn();
  expect(offers).toHaveLength(2);
  expect(offers[1]).toEqual(offers[0]);
});

test('one delivery submitted twice is two messages', async () => {
  const { carrier, landed } = phone();
  const sms = outboundSms('+9779851023212');
  await Promise.all([carrier.send(sms, forever), carrier.send(sms, forever)]);
  expect(new Set(landed.flat().map(({ message }) => message.id)).size).toBe(2);
});

test('a commit that fails leaves the outcome unknown, and the next one mends the state', async () => {
  let broken = true;
  const { carrier, receipts } = phone(async () => {
    if (broken) throw new Error('disk full');
  });
  expect(await carrier.send(outboundSms('+9779851023212'), forever)).toEqual([{ outcome: 'unknown' }]);
  await turn();
  expect(carrier.status()).toMatchObject({ state: 'degraded', free: 5_000 });
  expect(receipts).toEqual([]);

  broken = false;
  await carrier.send(outboundSms('+9779851023212'), forever);
  expect(carrier.status().state).toBe('up');
});

test('a send that was given up before its commit is not sent', async () => {
  const { carrier, landed } = phone();
  expect(await carrier.send(outboundSms('+9779851023212'), AbortSignal.abort())).toEqual([{ outcome: 'not_sent' }]);
  expect(landed).toEqual([]);
});

test('capacity that comes free is announced', async () => {
  const { carrier } = phone();
  const freed = new Promise<number>((resolve) => carrier.onFree(() => resolve(carrier.status().free)));
  await carrier.send(outboundSms('+9779851023212'), forever);
  expect(await freed).toBe(5_000);
});

test('closing finishes what it took, turns the rest away and sends out late receipts', async () => {
  const commit = Promise.withResolvers<void>();
  const { carrier, receipts } = phone(() => commit.promise);
  const taken = carrier.send(outboundSms('+9779851020002'), forever);
  await turn();
  const closed = carrier.close(1_000);
  const late = carrier.send(outboundSms('+9779851023212'), forever);
  commit.resolve();
  await closed;
  expect(await taken).toMatchObject([{ outcome: 'accepted' }]);
  expect(await late).toEqual([{ outcome: 'not_sent' }]);
  expect(receipts.map((receipt) => receipt.state)).toEqual(['delivered']);
  expect(carrier.status()).toMatchObject({ state: 'down', free: 0 });
});

test('closing does not wait longer than its grace for a commit', async () => {
  const { carrier, clock } = phone(() => new Promise(() => {}));
  void carrier.send(outboundSms('+9779851023212'), forever);
  await turn();
  const closed = carrier.close(1_000);
  clock.advance(1_000);
  await closed;
});
