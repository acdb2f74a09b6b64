import { expect, test } from 'vitest';
import { COMMAND, GENERIC_NACK, RESPONSE } from '../pdu/command.ts';
import { cstring, deliverSm, deliverSmBody, pdu, tlv } from '../scripted-smsc.ts';
import { sessionWithSmsc } from './session-example.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('it binds with its credentials, as SMPP 3.4', async () => {
  const { session, smsc, bind } = sessionWithSmsc();
  const answer = bind();
  const request = await smsc.next();
  expect(request).toMatchObject({ command: COMMAND.bind_transceiver, status: 0, sequence: 1 });
  expect(request.body.toString('latin1')).toBe('acme\0hush\0\0\x34\0\0\0');
  expect(session.free).toBe(0);
  smsc.answer(request, 0, Buffer.concat([cstring('smsc'), tlv(0x0210, Buffer.of(0x34))]));
  expect(await answer).toEqual({ kind: 'bound' });
  expect(session.free).toBe(3);
});

test('a bind may be refused, or not be answered', async () => {
  const refused = sessionWithSmsc();
  const answer = refused.bind();
  refused.smsc.answer(await refused.smsc.next(), 0x0e);
  expect(await answer).toEqual({ kind: 'refused', status: 0x0e });
  expect(refused.session.free).toBe(0);

  const nacked = sessionWithSmsc();
  const nack = nacked.bind();
  nacked.smsc.send(pdu(GENERIC_NACK, 0x03, (await nacked.smsc.next()).sequence));
  expect(await nack).toEqual({ kind: 'refused', status: 0x03 });

  const silent = sessionWithSmsc();
  const nothing = silent.bind();
  await silent.smsc.next();
  silent.clock.advance(10_000);
  expect(await nothing).toEqual({ kind: 'no_answer' });
});

test('messages of one turn leave together, and answers find them in any order', async () => {
  const { smsc, bound, submit, told } = sessionWithSmsc();
  await bound();
  const results = [submit(), submit(), submit()];
  const [a, b, c] = await smsc.take(3);
  if (!a || !b || !c) throw new Error('three were taken');
  expect([a, b, c].map((one) => one.command)).toEqual([4, 4, 4]);
  smsc.send(
    pdu(COMMAND.submit_sm + RESPONSE, 0, c.sequence, cstring('id-c')),
    pdu(COMMAND.submit_sm + RESPONSE, 0x58, a.sequence),
    pdu(COMMAND.submit_sm + RESPONSE, 0, b.sequence, cstring('id-b')),
  );
  expect(await Promise.all(results)).toEqual(['88 null', '0 id-b', '0 id-c']);
  expect(told).toEqual(['free 3']);
});

test('the window is what is unanswered', async () => {
  const { session, smsc, bound, submit } = sessionWithSmsc();
  await bound();
  void submit();
  void submit();
  expect(session.free).toBe(1);
  void submit();
  expect(session.free).toBe(0);
  smsc.accept(await smsc.next(), '1');
  await turn();
  expect(session.free).toBe(1);
});

test('answers that are doubled, late, of another kind or to nothing are noted, and move nothing', async () => {
  const { smsc, bound, submit, told, session } = sessionWithSmsc();
  await bound();
  const result = submit();
  const request = await smsc.next();
  smsc.send(
    pdu(COMMAND.submit_sm + RESPONSE, 0, request.sequence + 1, cstring('wrong')),
    pdu(COMMAND.enquire_link + RESPONSE, 0, request.sequence),
    pdu(COMMAND.submit_sm + RESPONSE, 0, request.sequence, cstring('right')),
    pdu(COMMAND.submit_sm + RESPONSE, 0, request.sequence, cstring('again')),
    pdu(GENERIC_NACK, 0x03, 0),
    pdu(0x80001234, 0, 1),
  );
  expect(await result).toBe('0 right');
  expect(told).toEqual([
    'stray_answer submit_sm_resp',
    'stray_answer enquire_link_resp',
    'stray_answer submit_sm_resp',
    'stray_answer generic_nack',
    'stray_answer unknown',
    'free 3',
  ]);
  expect(session.bound).toBe(true);
});

test('a message is accepted even when its id cannot be read', async () => {
  const { smsc, bound, submit, told } = sessionWithSmsc();
  await bound();
  for (const body of [Buffer.alloc(0), Buffer.from('no end'), Buffer.alloc(70, 0x31)]) {
    const result = submit();
    smsc.answer(await smsc.next(), 0, body);
    expect(await result).toBe('0 null');
  }
  expect(told.filter((line) => line.startsWith('malformed submit_sm_resp'))).toHaveLength(3);
});

test('an answer that does not come leaves the message in doubt and asks for a sign of life', async () => {
  const { clock, session, smsc, bound, submit, told } = sessionWithSmsc();
  await bound();
  const result = submit();
  const request = await smsc.next();
  clock.advance(10_000);
  expect(await result).toBe('in doubt');
  expect(told).toEqual(['unanswered 1', 'free 2']);
  const probe = await smsc.next();
  expect(probe.command).toBe(COMMAND.enquire_link);
  // It is alive, only slow: the session stays, and the answer that comes now is for nobody.
  smsc.send(
    pdu(COMMAND.submit_sm + RESPONSE, 0, request.sequence, cstring('late')),
    pdu(COMMAND.enquire_link + RESPONSE, 0, probe.sequence),
  );
  await turn();
  expect(told).toEqual(['unanswered 1', 'free 2', 'stray_answer submit_sm_resp', 'free 3']);
  clock.advance(20_000);
  expect(session.bound).toBe(true);
});

test('a quiet line is asked for a sign of life; without one the session ends', async () => {
  const { clock, smsc, bound, submit, ended } = sessionWithSmsc();
  await bound();
  clock.advance(29_999);
  await turn();
  expect(smsc.waiting).toBe(0);
  clock.advance(1);
  smsc.answer(await smsc.next());
  await turn();
  clock.advance(30_000);
  expect((await smsc.next()).command).toBe(COMMAND.enquire_link);
  const last = submit();
  await smsc.next();
  clock.advance(10_000);
  expect(await last).toBe('in doubt');
  expect(await ended).toBe('silent');
  await smsc.closed;
});

test('a line that is heard is not asked', async () => {
  const { clock, smsc, bound } = sessionWithSmsc();
  await bound();
  clock.advance(20_000);
  smsc.send(pdu(COMMAND.enquire_link, 0, 9));
  expect(await smsc.next()).toMatchObject({ command: COMMAND.enquire_link + RESPONSE, sequence: 9, status: 0 });
  clock.advance(20_000);
  await turn();
  expect(smsc.waiting).toBe(0);
  clock.advance(10_000);
  expect((await smsc.next()).command).toBe(COMMAND.enquire_link);
});

test('when the connection breaks, what was written is in doubt and the rest was not sent', async () => {
  const { smsc, bound, submit, session, ended } = sessionWithSmsc();
  await bound();
  const written = submit();
  await smsc.next();
  const unwritten = submit();
  smsc.reset();
  expect(await ended).toBe('broken ECONNRESET');
  expect(await written).toBe('in doubt');
  expect(await unwritten).toBe('not sent');
  expect(await submit()).toBe('not sent');
  expect(session.free).toBe(0);
});

test('more than one chunk may be written to a connection that is gone', async () => {
  const { smsc, bound, submit, ended } = sessionWithSmsc({ window: 2_000 });
  await bound();
  smsc.near.destroy();
  const results = Array.from({ length: 2_000 }, () => submit());
  expect(await ended).toBe('hung_up');
  expect(new Set(await Promise.all(results))).toEqual(new Set(['not sent']));
});

test('a far end that hangs up ends the session', async () => {
  const { smsc, bound, submit, ended } = sessionWithSmsc();
  await bound();
  const result = submit();
  await smsc.next();
  smsc.hangUp();
  expect(await ended).toBe('hung_up');
  expect(await result).toBe('in doubt');
});

test('an unbind of the SMSC is answered, and open answers are waited for', async () => {
  const { smsc, bound, submit, session, ended, told } = sessionWithSmsc();
  await bound();
  const result = submit();
  const request = await smsc.next();
  smsc.send(pdu(COMMAND.unbind, 0, 5));
  expect(await smsc.next()).toMatchObject({ command: COMMAND.unbind + RESPONSE, sequence: 5 });
  expect([session.free, session.bound]).toEqual([0, false]);
  expect(told).toEqual(['free 0']);
  smsc.accept(request, 'last');
  expect(await result).toBe('0 last');
  expect(await ended).toBe('unbound');
  await smsc.closed;
});

test('an unbind of the SMSC does not wait for ever', async () => {
  const { clock, smsc, bound, submit, ended } = sessionWithSmsc();
  await bound();
  const result = submit();
  await smsc.next();
  smsc.send(pdu(COMMAND.unbind, 0, 5));
  await smsc.next();
  clock.advance(10_000);
  expect(await result).toBe('in doubt');
  expect(await ended).toBe('unbound');
});

test('our unbind is sent, and its answer closes the connection', async () => {
  const { smsc, bound, session, ended } = sessionWithSmsc();
  await bound();
  session.unbind();
  const request = await smsc.next();
  expect(request.command).toBe(COMMAND.unbind);
  smsc.answer(request);
  expect(await ended).toBe('closed');
  await smsc.closed;
});

test('an unbind that is not answered closes the connection all the same', async () => {
  const { clock, smsc, bound, session, ended } = sessionWithSmsc();
  await bound();
  session.unbind();
  await smsc.next();
  clock.advance(10_000);
  expect(await ended).toBe('closed');
});

test('a deliver_sm is answered when its taker says so', async () => {
  const { smsc, bound, told, answers } = sessionWithSmsc();
  await bound();
  smsc.send(deliverSm(7, { message: 'one' }), deliverSm(8, { message: 'two' }));
  await turn();
  expect(told).toEqual(['delivered one', 'delivered two']);
  expect(smsc.waiting).toBe(0);
  answers[1]?.(0);
  answers[0]?.(0x14);
  const [first, second] = await smsc.take(2);
  expect(first).toMatchObject({ command: COMMAND.deliver_sm + RESPONSE, sequence: 8, status: 0, body: Buffer.of(0) });
  expect(second).toMatchObject({ sequence: 7, status: 0x14 });
});

test('a receipt in the same read as the answer to the bind is taken', async () => {
  const { smsc, bind, told } = sessionWithSmsc();
  const answer = bind();
  const request = await smsc.next();
  smsc.send(pdu(request.command + RESPONSE, 0, request.sequence, cstring('smsc')), deliverSm(1, { message: 'early' }));
  await answer;
  expect(told).toContain('delivered early');
});

test('before the bind nothing is delivered', async () => {
  const { smsc, told } = sessionWithSmsc();
  smsc.send(deliverSm(1, { message: 'early' }));
  expect(await smsc.next()).toMatchObject({ command: COMMAND.deliver_sm + RESPONSE, status: 0x04, sequence: 1 });
  expect(told.filter((line) => line.startsWith('delivered'))).toEqual([]);
});

test('a data_sm is delivered and answered as such', async () => {
  const { smsc, bound, answers } = sessionWithSmsc();
  await bound();
  const body = Buffer.concat([
    Buffer.from('\0\x01\x01977\0\x05\0ACME\0\x04\0\0', 'latin1'),
    tlv(0x001e, Buffer.from('1')),
  ]);
  smsc.send(pdu(COMMAND.data_sm, 0, 3, body));
  await turn();
  answers[0]?.(0);
  expect(await smsc.next()).toMatchObject({ command: COMMAND.data_sm + RESPONSE, sequence: 3, body: Buffer.of(0) });
});

test('what no client of SMPP has to understand is nacked; alerts are not answered', async () => {
  const { smsc, bound, told, session } = sessionWithSmsc();
  await bound();
  const alert = Buffer.from('\x01\x01977\0\x01\x01123\0', 'latin1');
  smsc.send(pdu(COMMAND.alert_notification, 0, 1, alert), pdu(0x42, 0, 2), pdu(COMMAND.submit_sm, 0, 3));
  const nacks = await smsc.take(2);
  expect(nacks).toMatchObject([
    { command: GENERIC_NACK, status: 0x03, sequence: 2 },
    { command: GENERIC_NACK, status: 0x03, sequence: 3 },
  ]);
  expect(told).toContain('alert');
  expect(session.bound).toBe(true);
});

test('a malformed PDU is answered with its fault, and the session goes on', async () => {
  const { smsc, bound, told, answers, session } = sessionWithSmsc();
  await bound();
  smsc.send(
    pdu(COMMAND.deliver_sm, 0, 1, deliverSmBody({ message: 'x' }).subarray(0, 12)),
    pdu(COMMAND.deliver_sm, 0, 2, deliverSmBody({ tlvs: [tlv(0x0427, Buffer.alloc(0))] })),
    deliverSm(3, { message: 'good' }),
  );
  const answered = await smsc.take(2);
  expect(answered).toMatchObject([
    { command: COMMAND.deliver_sm + RESPONSE, status: 0x02, sequence: 1 },
    { command: COMMAND.deliver_sm + RESPONSE, status: 0xc2, sequence: 2 },
  ]);
  expect(told).toEqual([
    'malformed deliver_sm a C-octet string has no end',
    'malformed deliver_sm an optional parameter has a wrong length',
    'delivered good',
  ]);
  expect(answers).toHaveLength(1);
  expect(session.bound).toBe(true);
});

test.each([0, 8, 15, 70_000])('a PDU of length %i is nacked and ends the session', async (length) => {
  const { smsc, bound, submit, ended } = sessionWithSmsc();
  await bound();
  const written = submit();
  await smsc.next();
  const unwritten = submit();
  const broken = pdu(COMMAND.enquire_link, 0, 1);
  broken.writeUInt32BE(length, 0);
  // In the very turn of the last submit.
  smsc.near.emit('data', broken);
  expect(await smsc.next()).toMatchObject({ command: GENERIC_NACK, status: 0x02, sequence: 0 });
  expect(await ended).toBe('garbled');
  expect(await written).toBe('in doubt');
  expect(await unwritten).toBe('not sent');
  await smsc.closed;
});

test('a far end that asks and does not read is not read from either', async () => {
  const { smsc, bound } = sessionWithSmsc();
  await bound();
  smsc.stopReading();
  // Each enquire_link of 16 octets wants an answer of 16: the answers pile up on our side.
  const flood = Buffer.concat(Array.from({ length: 4_096 }, (_, i) => pdu(COMMAND.enquire_link, 0, i + 1)));
  for (let i = 0; i < 64 && !smsc.near.isPaused(); i++) {
    smsc.send(flood);
    await turn();
  }
  expect(smsc.near.isPaused()).toBe(true);
  expect(smsc.near.writableLength).toBeLessThan(3 * 1024 * 1024);
  smsc.readAgain();
  await smsc.take(4_096);
  await turn();
  expect(smsc.near.isPaused()).toBe(false);
});
