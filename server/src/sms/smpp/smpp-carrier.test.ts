import { expect, test } from 'vitest';
import { carrierWithSmsc, sms } from './carrier-example.ts';
import { COMMAND, RESPONSE } from './pdu/command.ts';
import { cstring, deliverSm, pdu, tlv } from './scripted-smsc.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const LONG = 'é'.repeat(400);

test('a message goes out, its answer comes back, and so does its receipt', async () => {
  const { carrier, smsc, send, receipts, takeReceipts, events, clock } = carrierWithSmsc();
  takeReceipts();
  expect(carrier.status()).toEqual({ state: 'down', free: 0, trouble: 'Connecting to smsc.example:2775.' });
  const side = await smsc.bound();
  await turn();
  expect(carrier.status()).toEqual({ state: 'up', free: 4, trouble: null });
  const sent = send();
  expect(carrier.status().free).toBe(3);
  side.accept(await side.next(), '000ab');
  expect(await sent).toEqual([{ outcome: 'accepted', messageId: 'AB' }]);
  side.send(deliverSm(1, { message: 'id:00AB stat:DELIVRD err:000' }));
  expect(await side.next()).toMatchObject({ command: COMMAND.deliver_sm + RESPONSE, status: 0, sequence: 1 });
  expect(receipts).toEqual([{ messageId: 'AB', state: 'delivered', code: '000', at: clock.now() }]);
  expect(events).toEqual([{ kind: 'bound', bind: 1, role: 'transceiver' }]);
});

test('each part has its result, in order', async () => {
  const { smsc, send } = carrierWithSmsc();
  const side = await smsc.bound();
  await turn();
  const sent = send(LONG);
  const [a, b, c] = await side.take(3);
  if (!a || !b || !c) throw new Error('three were taken');
  side.accept(c, '3');
  side.answer(a, 0x0b);
  side.accept(b, '2');
  expect(await sent).toEqual([
    { outcome: 'refused', code: 0x0b, retry: 'elsewhere' },
    { outcome: 'accepted', messageId: '2' },
    { outcome: 'accepted', messageId: '3' },
  ]);
});

test('parts that went in one message_payload share its answer', async () => {
  const { smsc, send } = carrierWithSmsc({ long: 'payload' });
  const side = await smsc.bound();
  await turn();
  const sent = send(LONG);
  side.accept(await side.next(), '7');
  const accepted = { outcome: 'accepted', messageId: '7' };
  expect(await sent).toEqual([accepted, accepted, accepted]);
  expect(side.waiting).toBe(0);
});

test('what the windows have no room for waits, and goes when answers come', async () => {
  const { carrier, smsc, send } = carrierWithSmsc({ window: 2 });
  const side = await smsc.bound();
  await turn();
  const sent = send(LONG);
  expect(carrier.status().free).toBe(0);
  const [a, b] = await side.take(2);
  await turn();
  expect(side.waiting).toBe(0);
  if (!a || !b) throw new Error('two were taken');
  side.accept(a, '1');
  side.accept(await side.next(), '3');
  side.accept(b, '2');
  expect(await sent).toMatchObject([{ messageId: '1' }, { messageId: '2' }, { messageId: '3' }]);
  expect(carrier.status().free).toBe(2);
});

test('capacity that comes free is announced once for each read', async () => {
  const { carrier, smsc, send } = carrierWithSmsc();
  const side = await smsc.bound();
  await turn();
  const free: number[] = [];
  carrier.onFree(() => free.push(carrier.status().free));
  const sent = [send(), send(), send()];
  const submits = await side.take(3);
  side.send(...submits.map(({ sequence }) => pdu(COMMAND.submit_sm + RESPONSE, 0, sequence, cstring('1'))));
  await Promise.all(sent);
  expect(free).toEqual([4]);
});

test('a signal ends the wait for room, not the wait for answers', async () => {
  const { smsc, send, carrier } = carrierWithSmsc({ window: 1 });
  const side = await smsc.bound();
  await turn();
  const giveUp = new AbortController();
  const sent = send(LONG, giveUp.signal);
  const first = await side.next();
  giveUp.abort();
  side.accept(first, '1');
  expect(await sent).toEqual([
    { outcome: 'accepted', messageId: '1' },
    { outcome: 'not_sent' },
    { outcome: 'not_sent' },
  ]);
  expect(await send('x', giveUp.signal)).toEqual([{ outcome: 'not_sent' }]);
  expect(carrier.status().free).toBe(1);
});

test('without a session nothing is sent', async () => {
  const { send, smsc } = carrierWithSmsc();
  expect(await send()).toEqual([{ outcome: 'not_sent' }]);
  const side = await smsc.accept();
  expect((await side.next()).command).toBe(COMMAND.bind_transceiver);
  expect(await send()).toEqual([{ outcome: 'not_sent' }]);
});

test('a number that is none is refused here', async () => {
  const { carrier, smsc, clock } = carrierWithSmsc();
  const side = await smsc.bound();
  await turn();
  const message = { ...sms('x', clock.now()), to: '+1' };
  expect(await carrier.send(message, new AbortController().signal)).toEqual([
    { outcome: 'refused', code: 0x0b, retry: 'never' },
  ]);
  await turn();
  expect(side.waiting).toBe(0);
});

test('a connection that breaks leaves what was written in doubt, and what waited unsent', async () => {
  const { carrier, smsc, send, until, events } = carrierWithSmsc({ window: 2 });
  const side = await smsc.bound();
  await turn();
  const sent = send(LONG);
  await side.take(2);
  side.reset();
  expect(await sent).toEqual([{ outcome: 'unknown' }, { outcome: 'unknown' }, { outcome: 'not_sent' }]);
  await until(() => carrier.status().trouble === 'smsc.example:2775 lost the connection (ECONNRESET).');
  expect(carrier.status()).toMatchObject({ state: 'down', free: 0 });
  expect(events.at(-1)).toEqual({
    kind: 'disconnected',
    bind: 1,
    role: 'transceiver',
    end: 'broken',
    detail: 'ECONNRESET',
  });
});

test('after a break it binds again, waiting longer each time', async () => {
  const { carrier, smsc, clock, until, events } = carrierWithSmsc();
  await turn();
  (await smsc.accept()).reset();
  await until(() => carrier.status().trouble === 'smsc.example:2775 did not answer the bind.');
  expect(smsc.dials).toBe(1);
  smsc.unreachable = 'ECONNREFUSED';
  clock.advance(499);
  expect(smsc.dials).toBe(1);
  clock.advance(1);
  await until(() => carrier.status().trouble === 'Cannot connect to smsc.example:2775: ECONNREFUSED.');
  expect(smsc.dials).toBe(2);
  smsc.unreachable = null;
  clock.advance(500);
  await smsc.bound();
  await until(() => carrier.status().state === 'up');
  expect(events.map(({ kind }) => kind)).toEqual(['bind_refused', 'connect_failed', 'bound']);
});

test('a bind that is refused for good is tried again seldom, and says what to look at', async () => {
  const { carrier, smsc, clock, until, events } = carrierWithSmsc({ binds: 4 });
  const side = await smsc.accept();
  side.answer(await side.next(), 0x0e);
  await until(() => carrier.status().trouble?.includes('refused') === true);
  expect(carrier.status()).toEqual({
    state: 'down',
    free: 0,
    trouble:
      'smsc.example:2775 refused to bind acme as transceiver: ESME_RINVPASWD (0x0E). Check system_id, password and system_type.',
  });
  expect(JSON.stringify(events)).not.toContain('hush');
  clock.advance(299_999);
  // One bind asked, for all of them: four wrong passwords at once might lock the account.
  expect(smsc.dials).toBe(1);
  clock.advance(1);
  await smsc.bound();
  await until(() => carrier.status().state !== 'down');
  await smsc.bound();
  await smsc.bound();
  await smsc.bound();
  await until(() => carrier.status().state === 'up');
  expect(carrier.status().free).toBe(16);
});

test('messages are spread over the binds', async () => {
  const { carrier, smsc, send, until } = carrierWithSmsc({ binds: 2 });
  const sides = [await smsc.bound(), await smsc.bound()];
  await until(() => carrier.status().free === 8);
  const sent = Array.from({ length: 8 }, () => send());
  const taken = await Promise.all(sides.map((side) => side.take(4)));
  taken.forEach((submits, i) => {
    for (const submit of submits) sides[i]?.accept(submit, '1');
  });
  expect((await Promise.all(sent)).flat()).toHaveLength(8);
});

test('one bind of several that fails degrades the carrier, and the others carry on', async () => {
  const { carrier, smsc, send, until } = carrierWithSmsc({ binds: 2 });
  const [one, other] = [await smsc.bound(), await smsc.bound()];
  await until(() => carrier.status().state === 'up');
  one.hangUp();
  await until(() => carrier.status().state === 'degraded');
  expect(carrier.status()).toMatchObject({ free: 4, trouble: 'smsc.example:2775 closed the connection.' });
  const sent = send();
  other.accept(await other.next(), '1');
  expect(await sent).toMatchObject([{ outcome: 'accepted' }]);
});

test('a pair sends on the transmitter and is reported to on the receiver', async () => {
  const { carrier, smsc, send, until, receipts, takeReceipts } = carrierWithSmsc({ mode: 'transmitter_receiver' });
  takeReceipts();
  const transmitter = await smsc.accept();
  const bind = await transmitter.next();
  expect(bind.command).toBe(COMMAND.bind_transmitter);
  transmitter.answer(bind);
  await until(() => carrier.status().free === 4);
  expect(carrier.status().state).toBe('degraded');
  const receiver = await smsc.accept();
  const second = await receiver.next();
  expect(second.command).toBe(COMMAND.bind_receiver);
  receiver.answer(second);
  await until(() => carrier.status().state === 'up');
  const sent = send();
  transmitter.accept(await transmitter.next(), '1');
  await sent;
  receiver.send(deliverSm(1, { message: 'id:1 stat:DELIVRD' }));
  await receiver.next();
  expect(receipts).toHaveLength(1);

  transmitter.hangUp();
  await until(() => carrier.status().state === 'down');
  expect(await send()).toEqual([{ outcome: 'not_sent' }]);
});

test('receipts that the listener could not take are asked for again', async () => {
  const { carrier, smsc, events, clock } = carrierWithSmsc();
  carrier.onReceipts(() => Promise.reject(new Error('store is down')));
  const side = await smsc.bound();
  await turn();
  side.send(deliverSm(1, { message: 'id:1 stat:DELIVRD' }));
  expect(await side.next()).toMatchObject({ command: COMMAND.deliver_sm + RESPONSE, status: 0x14 });
  clock.advance(1_000);
  expect(events.at(-1)).toEqual({ kind: 'receipts_refused', count: 1 });
});

test('a receipt may come before the answer to its submit', async () => {
  const { smsc, send, receipts, takeReceipts } = carrierWithSmsc();
  takeReceipts();
  const side = await smsc.bound();
  await turn();
  const sent = send();
  const submit = await side.next();
  side.send(deliverSm(1, { tlvs: [tlv(0x001e, cstring('5')), tlv(0x0427, Buffer.of(2))] }));
  await side.next();
  expect(receipts).toMatchObject([{ messageId: '5', state: 'delivered' }]);
  side.accept(submit, '5');
  expect(await sent).toEqual([{ outcome: 'accepted', messageId: '5' }]);
});

test('what is no receipt of ours is acknowledged, counted, and dropped', async () => {
  const { smsc, receipts, takeReceipts, events, clock } = carrierWithSmsc();
  takeReceipts();
  const side = await smsc.bound();
  await turn();
  const forged = 'id:1 stat:DELIVRD code 123456';
  side.send(
    deliverSm(1, { esmClass: 0, message: forged }),
    deliverSm(2, { esmClass: 0, message: forged }),
    deliverSm(3, { message: 'no id here, 123456' }),
    pdu(COMMAND.deliver_sm, 0, 4, Buffer.from('junk')),
  );
  const statuses = (await side.take(4)).map(({ sequence, status }) => [sequence, status]);
  expect(statuses.sort()).toEqual([
    [1, 0],
    [2, 0],
    [3, 0],
    [4, 2],
  ]);
  expect(receipts).toEqual([]);
  clock.advance(1_000);
  expect(events.slice(1)).toEqual([
    { kind: 'mobile_originated', count: 2 },
    { kind: 'unreadable_receipt', count: 1 },
    { kind: 'malformed', count: 1, command: 'deliver_sm', what: 'a C-octet string has no end' },
  ]);
  expect(JSON.stringify(events)).not.toContain('123456');
});

test('the rate is kept, and capacity announced as it allows', async () => {
  const { carrier, smsc, send, clock, until } = carrierWithSmsc({ rate: 20, window: 100 });
  const side = await smsc.bound();
  await until(() => carrier.status().free === 1);
  const sent = [send(), send()];
  side.accept(await side.next(), '1');
  await sent[0];
  expect(side.waiting).toBe(0);
  expect(carrier.status().free).toBe(0);
  clock.advance(50);
  side.accept(await side.next(), '2');
  await sent[1];
  const free = new Promise((resolve) => carrier.onFree(() => resolve(carrier.status().free)));
  clock.advance(50);
  expect(await free).toBe(1);
});

test('throttling slows the carrier down, and it recovers', async () => {
  const { carrier, smsc, send, clock, events, until } = carrierWithSmsc({ rate: 100, window: 100 });
  const side = await smsc.bound();
  await until(() => carrier.status().free > 0);
  const sent = send();
  side.answer(await side.next(), 0x58);
  expect(await sent).toEqual([{ outcome: 'refused', code: 0x58, retry: 'later' }]);
  expect(events.at(-1)).toEqual({ kind: 'throttled', rate: 50 });
  expect(carrier.status()).toMatchObject({
    state: 'degraded',
    trouble: 'The SMSC is throttling: it gets 50 messages a second for now.',
  });
  clock.advance(10_000);
  expect(carrier.status()).toMatchObject({ state: 'up', trouble: null });
});

test('a storm of throttling loses no message and does not stop the carrier', async () => {
  const { smsc, send, clock } = carrierWithSmsc({ window: 50 });
  const side = await smsc.bound();
  await turn();
  for (let round = 0; round < 20; round++) {
    const sent = send();
    clock.advance(1_000);
    side.answer(await side.next(), 0x58);
    expect(await sent).toEqual([{ outcome: 'refused', code: 0x58, retry: 'later' }]);
  }
});

test('closing waits for answers and receipts, takes leave, and takes no more', async () => {
  const { carrier, smsc, send } = carrierWithSmsc();
  const commit = Promise.withResolvers<void>();
  carrier.onReceipts(() => commit.promise);
  const side = await smsc.bound();
  await turn();
  const sent = send();
  const submit = await side.next();
  side.send(deliverSm(1, { message: 'id:0 stat:DELIVRD' }));
  await turn();
  const closed = carrier.close(5_000);
  expect(await send()).toEqual([{ outcome: 'not_sent' }]);
  expect(carrier.status()).toMatchObject({ state: 'down', free: 0 });
  side.accept(submit, '1');
  expect(await sent).toMatchObject([{ outcome: 'accepted' }]);
  commit.resolve();
  expect(await side.next()).toMatchObject({ command: COMMAND.deliver_sm + RESPONSE, status: 0 });
  const unbind = await side.next();
  expect(unbind.command).toBe(COMMAND.unbind);
  side.answer(unbind);
  await closed;
  await side.closed;
});

test('closing does not wait longer than its grace', async () => {
  const { carrier, smsc, send, clock } = carrierWithSmsc();
  const side = await smsc.bound();
  await turn();
  const sent = send();
  await side.next();
  const closed = carrier.close(5_000);
  clock.advance(5_000);
  expect((await side.next()).command).toBe(COMMAND.unbind);
  clock.advance(1_000);
  await closed;
  expect(await sent).toEqual([{ outcome: 'unknown' }]);
});

test('closing ends the wait for a next connection, and one that is being made', async () => {
  const waiting = carrierWithSmsc();
  (await waiting.smsc.accept()).reset();
  await waiting.until(() => waiting.events.length > 0);
  await waiting.carrier.close(1_000);
  waiting.clock.advance(60_000);
  expect(waiting.smsc.dials).toBe(1);

  const binding = carrierWithSmsc();
  const side = await binding.smsc.accept();
  await side.next();
  await binding.carrier.close(1_000);
  await side.closed;
});
