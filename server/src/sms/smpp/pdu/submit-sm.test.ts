import { expect, test } from 'vitest';
import { PduWriter } from './pdu-writer.ts';
import type { SubmitProfile, SubmitSm } from './submit-sm.ts';
import { writeSubmitSm } from './submit-sm.ts';

const profile: SubmitProfile = { serviceType: '', priorityFlag: 0, replaceIfPresent: false, receipts: true };
const sm: SubmitSm = {
  source: { ton: 5, npi: 0, digits: 'ACME' },
  destination: { ton: 1, npi: 1, digits: '9779851023212' },
  dataCoding: 0,
  message: Buffer.from('Hi'),
  place: 'short_message',
  concatenation: null,
  validityPeriod: '000000000500000R',
};
const FRONT = `000500${hex('ACME')}000101${hex('9779851023212')}00`;
const MIDDLE = `000000${hex('000000000500000R')}0001000000`;

function hex(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

function body(over: Partial<SubmitSm> = {}, with_: Partial<SubmitProfile> = {}): string {
  const out = new PduWriter(() => {});
  writeSubmitSm(out, 7, { ...sm, ...over }, { ...profile, ...with_ });
  const { octets } = out.take();
  expect(octets.readUInt32BE(0)).toBe(octets.length);
  expect(octets.toString('hex', 4, 16)).toBe('000000040000000000000007');
  return octets.toString('hex', 16);
}

test('a single message', () => {
  expect(body()).toBe(`${FRONT}00${MIDDLE}02${hex('Hi')}`);
});

test('every setting of a carrier', () => {
  const set = body(
    { dataCoding: 8, validityPeriod: '' },
    { serviceType: 'OTP', priorityFlag: 3, replaceIfPresent: true, receipts: false },
  );
  const front = `${hex('OTP')}${FRONT}`;
  expect(set).toBe(`${front}00000300000001080002${hex('Hi')}`);
});

test('a part with a user data header', () => {
  const part = body({ concatenation: { by: 'udh', reference: 200, total: 3, index: 2 } });
  expect(part).toBe(`${FRONT}40${MIDDLE}08050003c80302${hex('Hi')}`);
});

test('a part with sar TLVs', () => {
  const part = body({ concatenation: { by: 'sar', reference: 200, total: 3, index: 2 } });
  expect(part).toBe(`${FRONT}00${MIDDLE}02${hex('Hi')}020c000200c8020e000103020f000102`);
});

test('a whole message in message_payload', () => {
  const long = Buffer.alloc(1_530, 0x61);
  expect(body({ message: long, place: 'payload' })).toBe(`${FRONT}00${MIDDLE}00042405fa${long.toString('hex')}`);
});
