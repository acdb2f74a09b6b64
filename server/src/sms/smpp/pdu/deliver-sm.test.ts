import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliverSmBody, tlv } from '../scripted-smsc.ts';
import { isReceipt, readDataSm, readDeliverSm, readMessageId } from './deliver-sm.ts';
import { MalformedPdu, PduReader } from './pdu-reader.ts';

function reader(body: Buffer): PduReader {
  const one = new PduReader();
  // With other PDUs around it, as in a read: what belongs to them must stay out of reach.
  one.reset(Buffer.concat([Buffer.alloc(7, 0x41), body, Buffer.alloc(64, 0)]), 7, 7 + body.length);
  return one;
}

const statusOf = (read: () => unknown): number => {
  try {
    read();
  } catch (error) {
    if (error instanceof MalformedPdu) return error.status;
    throw error;
  }
  throw new Error('was read');
};

test('a receipt with its TLVs', () => {
  const tlvs = [
    tlv(0x001e, Buffer.from('0A1B\0')),
    tlv(0x0427, Buffer.of(2)),
    tlv(0x0423, Buffer.of(3, 0x01, 0x02)),
    tlv(0x1400, Buffer.from('vendor')),
  ];
  const message = readDeliverSm(reader(deliverSmBody({ message: 'id:0A1B', dataCoding: 3, tlvs })));
  expect(message).toMatchObject({
    esmClass: 4,
    dataCoding: 3,
    options: { receiptedMessageId: '0A1B', messageState: 2, networkErrorCode: 0x102, messagePayload: null },
  });
  expect(message.message.toString()).toBe('id:0A1B');
});

test('message_payload stands in for an empty short_message', () => {
  const body = deliverSmBody({ tlvs: [tlv(0x0424, Buffer.alloc(300, 0x61))] });
  expect(readDeliverSm(reader(body)).message).toHaveLength(300);
});

test('a data_sm', () => {
  const body = Buffer.concat([
    Buffer.from('\0\x01\x01977985\0\x05\0ACME\0\x04\0\x08', 'latin1'),
    tlv(0x001e, Buffer.from('77')),
  ]);
  expect(readDataSm(reader(body))).toMatchObject({ esmClass: 4, dataCoding: 8, options: { receiptedMessageId: '77' } });
});

test('only the SMSC can make a receipt', () => {
  const kind = (esmClass: number, tlvs: Buffer[] = []) =>
    isReceipt(readDeliverSm(reader(deliverSmBody({ esmClass, message: 'id:1 stat:DELIVRD', tlvs }))));
  expect(kind(0x04)).toBe(true);
  expect(kind(0x20)).toBe(true);
  expect(kind(0x44)).toBe(true);
  expect(kind(0x00, [tlv(0x001e, Buffer.from('1'))])).toBe(true);
  expect(kind(0x00)).toBe(false);
  expect(kind(0x08)).toBe(false);
});

test('faults are answered with the status that names them', () => {
  const good = deliverSmBody({ message: 'hello' });
  const read = (body: Buffer) => statusOf(() => readDeliverSm(reader(body)));
  expect(read(good.subarray(0, 10))).toBe(0x02);
  expect(read(Buffer.alloc(40, 0x41))).toBe(0x02);
  expect(read(good.subarray(0, good.length - 1))).toBe(0x01);
  expect(read(Buffer.concat([good, Buffer.of(0)]))).toBe(0xc0);
  expect(read(Buffer.concat([good, Buffer.of(0x04, 0x24, 0xff, 0xff, 1)]))).toBe(0xc0);
  expect(read(deliverSmBody({ tlvs: [tlv(0x0427, Buffer.alloc(0))] }))).toBe(0xc2);
  expect(read(deliverSmBody({ tlvs: [tlv(0x0423, Buffer.of(1))] }))).toBe(0xc2);
  expect(read(deliverSmBody({ tlvs: [tlv(0x001e, Buffer.alloc(66, 0x31))] }))).toBe(0xc2);
});

test('an id must end, and soon', () => {
  expect(readMessageId(reader(Buffer.from('abc\0')))).toBe('abc');
  expect(readMessageId(reader(Buffer.from('\0')))).toBe(null);
  expect(statusOf(() => readMessageId(reader(Buffer.from('abc'))))).toBe(0x02);
  expect(statusOf(() => readMessageId(reader(Buffer.concat([Buffer.alloc(65, 0x31), Buffer.of(0)]))))).toBe(0x02);
});

test('whatever the octets, they are read or refused, and never read past', () => {
  const noise = fc.uint8Array({ maxLength: 300 }).map((octets) => Buffer.from(octets));
  fc.assert(
    fc.property(noise, (body) => {
      for (const read of [readDeliverSm, readDataSm, readMessageId]) {
        const one = reader(body);
        try {
          read(one);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedPdu);
        }
        expect(one.left).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 2_000 },
  );
});
