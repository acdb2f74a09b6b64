import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMAND, GENERIC_NACK, RESPONSE } from '../pdu/command.ts';
import { cstring, deliverSmBody, pdu, tlv } from '../scripted-smsc.ts';
import { sessionWithSmsc } from './session-example.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

const RECEIPT = 'id:1 sub:001 dlvrd:001 submit date:2601311000 done date:2601311004 stat:DELIVRD err:000 text:x';
const SEEDS: readonly Buffer[] = [
  pdu(COMMAND.deliver_sm, 0, 1, deliverSmBody({ message: RECEIPT })),
  pdu(COMMAND.deliver_sm, 0, 2, deliverSmBody({ tlvs: [tlv(0x001e, cstring('1')), tlv(0x0427, Buffer.of(2))] })),
  pdu(
    COMMAND.deliver_sm,
    0,
    3,
    deliverSmBody({ tlvs: [tlv(0x0423, Buffer.of(3, 0, 1)), tlv(0x0424, Buffer.from('x'))] }),
  ),
  pdu(COMMAND.data_sm, 0, 4, Buffer.from('\0\x01\x01977\0\x05\0ACME\0\x04\0\0', 'latin1')),
  pdu(COMMAND.submit_sm + RESPONSE, 0, 2, cstring('id')),
  pdu(COMMAND.submit_sm + RESPONSE, 0x58, 3),
  pdu(COMMAND.bind_transceiver + RESPONSE, 0, 1, cstring('smsc')),
  pdu(COMMAND.enquire_link, 0, 5),
  pdu(COMMAND.enquire_link + RESPONSE, 0, 4),
  pdu(COMMAND.unbind, 0, 6),
  pdu(COMMAND.alert_notification, 0, 7, Buffer.from('\x01\x01977\0\x01\x01123\0', 'latin1')),
  pdu(GENERIC_NACK, 3, 2),
];

const seed = fc.constantFrom(...SEEDS);
const mutations = fc.array(fc.record({ at: fc.nat(400), value: fc.nat(255) }), { maxLength: 6 });
/** A PDU with some octets changed, and perhaps cut; its length, mostly, still right. */
const mutant = fc
  .record({ seed, mutations, cut: fc.option(fc.nat(200)), framed: fc.integer({ min: 0, max: 9 }) })
  .map(({ seed: whole, mutations: changes, cut, framed }) => {
    const octets = Buffer.from(cut === null ? whole : whole.subarray(0, Math.max(16, cut)));
    for (const { at, value } of changes) octets[at % octets.length] = value;
    if (framed > 0) octets.writeUInt32BE(octets.length, 0);
    return octets;
  });
const noise = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((octets) => Buffer.from(octets));
const stream = fc.array(fc.oneof({ weight: 9, arbitrary: mutant }, { weight: 1, arbitrary: noise }), {
  minLength: 1,
  maxLength: 12,
});

test('whatever the far end sends, nothing is thrown, every message gets one result, and other sessions live', async () => {
  const neighbour = sessionWithSmsc();
  await neighbour.bound();
  await fc.assert(
    fc.asyncProperty(stream, fc.integer({ min: 1, max: 200 }), async (pdus, cut) => {
      const { smsc, session, bound, submit, answers, clock, ended, told } = sessionWithSmsc();
      await bound();
      const results = [submit(), submit(), submit()];
      await smsc.take(3);
      const octets = Buffer.concat(pdus);
      // `emit` calls the session from here: what it throws would be thrown here.
      for (let at = 0; at < octets.length; at += cut) smsc.near.emit('data', octets.subarray(at, at + cut));
      for (const answer of answers) answer(0);
      await turn();
      clock.advance(60_000);
      session.destroy();
      await ended;
      expect(await Promise.all(results)).toHaveLength(3);
      expect(told.filter((line) => line.startsWith('ended'))).toHaveLength(1);
    }),
    { numRuns: 1_000 },
  );
  const alive = neighbour.submit();
  neighbour.smsc.accept(await neighbour.smsc.next(), 'still here');
  expect(await alive).toBe('0 still here');
}, 30_000);
