import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDeliverSm } from '../pdu/deliver-sm.ts';
import { PduReader } from '../pdu/pdu-reader.ts';
import { type DeliverSmExample, deliverSmBody, tlv } from '../scripted-smsc.ts';
import { type ReceiptRules, readReceipt } from './receipt.ts';

const arrival = Date.UTC(2026, 0, 31, 10, 5, 30);
const TEXT =
  'id:0012AB sub:001 dlvrd:001 submit date:2601311000 done date:2601311004 stat:DELIVRD err:000 text:Your code';

function read(example: DeliverSmExample, rules: Partial<ReceiptRules> = {}) {
  const body = deliverSmBody(example);
  const reader = new PduReader();
  reader.reset(body, 0, body.length);
  return readReceipt(readDeliverSm(reader), { receiptIdBase: 'same', receiptUtcOffsetMinutes: 0, ...rules }, arrival);
}

const id = (text: string) => tlv(0x001e, Buffer.from(`${text}\0`));
const state = (value: number) => tlv(0x0427, Buffer.of(value));

test('a receipt as the specification has it', () => {
  expect(read({ message: TEXT })).toEqual({
    messageId: '12AB',
    state: 'delivered',
    code: '000',
    at: Date.UTC(2026, 0, 31, 10, 4),
  });
});

test.each([
  ['id: 77 stat: UNDELIV err: 1a', { messageId: '77', state: 'undelivered', code: '1a' }],
  ['ID:77 STAT:expired ERR:5', { messageId: '77', state: 'expired', code: '5' }],
  [
    'id:0118Z-0122I sub:000 submitdate:260131100000 donedate:260131100400 stat:REJECTED err:375 text:',
    { messageId: '118Z-0122I', state: 'rejected', code: '375', at: Date.UTC(2026, 0, 31, 10, 4) },
  ],
  ['id:1 stat:DELETED', { state: 'deleted', code: null, at: arrival }],
  ['id:1 stat:UNKNOWN', { state: 'unknown' }],
  ['id:1 stat:WHATEVER', { state: 'unknown' }],
  ['id:1', { state: 'unknown' }],
  ['id:1 stat:ACCEPTD', { state: 'pending' }],
  ['id:1 stat:ACKED', { state: 'pending' }],
  ['id:1 stat:BUFFRED', { state: 'pending' }],
  ['id:1 stat:BUFFERED', { state: 'pending' }],
  ['id:1 stat:ENROUTE', { state: 'pending' }],
  ['id:1 stat:FAILED', { state: 'undelivered' }],
  ['id:1 done date:000000000000 stat:REJECTD err:', { state: 'rejected', code: null, at: arrival }],
  ['id:1 stat:DELIVRD err:12345678901', { code: null }],
])('%s', (message, expected) => {
  expect(read({ message })).toMatchObject(expected);
});

test('what the message says is not read as a field', () => {
  const echo = 'id:1 stat:UNDELIV err:001 Text:stat:DELIVRD id:2 err:000 done date:2601311004 code 123456';
  expect(read({ message: echo })).toEqual({ messageId: '1', state: 'undelivered', code: '001', at: arrival });
  expect(read({ message: 'sub:001 text:id:2 stat:DELIVRD' })).toBe(null);
});

test('TLVs come first, the text fills what they leave open', () => {
  expect(read({ message: TEXT, tlvs: [id('99'), state(5)] })).toMatchObject({
    messageId: '99',
    state: 'undelivered',
    code: '000',
  });
  expect(read({ message: TEXT, tlvs: [state(2)] })).toMatchObject({ messageId: '12AB', state: 'delivered' });
  expect(read({ message: TEXT, tlvs: [id('99')] })).toMatchObject({ messageId: '99', state: 'delivered' });
  expect(read({ tlvs: [id('99'), state(2)] })).toEqual({
    messageId: '99',
    state: 'delivered',
    code: null,
    at: arrival,
  });
  const network = tlv(0x0423, Buffer.of(3, 0x01, 0x2c));
  expect(read({ message: TEXT, tlvs: [id('99'), state(2), network] })?.code).toBe('300');
});

test.each([
  [0, 'pending'],
  [1, 'pending'],
  [2, 'delivered'],
  [3, 'expired'],
  [4, 'deleted'],
  [5, 'undelivered'],
  [6, 'pending'],
  [7, 'unknown'],
  [8, 'rejected'],
  [9, 'undelivered'],
  [200, 'unknown'],
])('message_state %i is %s', (value, expected) => {
  expect(read({ tlvs: [id('1'), state(value)] })?.state).toBe(expected);
});

test('ids are brought into the base of the answer', () => {
  const message = 'id:0012345678 stat:DELIVRD';
  expect(read({ message }, { receiptIdBase: 'hex-to-dec' })?.messageId).toBe('BC614E');
  // The TLV in the answer's base, beside a text in the other one; and in the same base as the text.
  expect(read({ message, tlvs: [id('00bc614e')] }, { receiptIdBase: 'hex-to-dec' })?.messageId).toBe('BC614E');
  expect(read({ message, tlvs: [id('12345678')] }, { receiptIdBase: 'hex-to-dec' })?.messageId).toBe('BC614E');
  // 10 is 16 in hexadecimal: digits only, so that nothing but the text shows which base the TLV is in.
  expect(read({ message: 'id:16', tlvs: [id('10')] }, { receiptIdBase: 'hex-to-dec' })?.messageId).toBe('10');
});

test('a text in UCS-2, in message_payload, or behind a user data header', () => {
  const wide = Buffer.from(TEXT, 'utf16le').swap16();
  expect(read({ message: wide, dataCoding: 8 })?.messageId).toBe('12AB');
  expect(read({ tlvs: [tlv(0x0424, Buffer.from(TEXT))] })?.messageId).toBe('12AB');
  const header = Buffer.concat([Buffer.of(5, 0, 3, 1, 2, 1), Buffer.from(TEXT)]);
  expect(read({ message: header, esmClass: 0x44 })?.messageId).toBe('12AB');
});

test('without an id there is nothing to report', () => {
  expect(read({ message: '' })).toBe(null);
  expect(read({ message: 'stat:DELIVRD' })).toBe(null);
  expect(read({ message: 'id: sub:001 stat:DELIVRD' })).toBe(null);
  expect(read({ message: `id:${'1'.repeat(65)} stat:DELIVRD` })).toBe(null);
});

test('whatever the text, the answer is none or a harmless one', () => {
  const words = fc.constantFrom(
    'id:',
    ' ',
    'stat:',
    'err:',
    'done date:',
    'text:',
    'DELIVRD',
    '12',
    'é',
    '\0',
    '\n',
    ':',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
      const receipt = read({ message: parts.join('').slice(0, 250) });
      if (receipt === null) return;
      expect(receipt.messageId).toMatch(/^[!-~]{1,64}$/);
      expect(receipt.code ?? '0').toMatch(/^[0-9A-Za-z]{1,10}$/);
      expect(Number.isFinite(receipt.at)).toBe(true);
    }),
  );
});
