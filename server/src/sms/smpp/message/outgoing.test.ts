import { expect, test } from 'vitest';
import { encodeSms } from '../../encode.ts';
import { smppConfig } from '../config-example.ts';
import { outgoing } from './outgoing.ts';

const now = Date.UTC(2026, 0, 31, 10);
const LONG = `Your code is 123456. ${'é'.repeat(300)}`;

function sms(text: string, from: string | null = 'ACME', to = '+9779851023212') {
  return { id: 'd', accountId: 'a', to, from, text, expiresAt: now + 300_000, ...encodeSms(text, 77) };
}

test('a single part has no header', () => {
  const [one, ...others] = outgoing(sms('Hi'), smppConfig(), now) ?? [];
  expect(others).toEqual([]);
  expect(one).toEqual({
    source: { ton: 5, npi: 0, digits: 'ACME' },
    destination: { ton: 1, npi: 1, digits: '9779851023212' },
    dataCoding: 0,
    message: Buffer.from('Hi'),
    place: 'short_message',
    concatenation: null,
    validityPeriod: '000000000500000R',
  });
});

test('the sender of the carrier stands in', () => {
  const config = smppConfig({ sender: '32665' });
  expect(outgoing(sms('Hi', null), config, now)?.[0]?.source.digits).toBe('32665');
  expect(outgoing(sms('Hi'), config, now)?.[0]?.source.digits).toBe('ACME');
});

test.each(['udh', 'sar'] as const)('parts are joined by %s', (by) => {
  const submits = outgoing(sms(LONG), smppConfig({ long: by }), now) ?? [];
  expect(submits.map((submit) => submit.concatenation)).toEqual([
    { by, reference: 77, total: 3, index: 1 },
    { by, reference: 77, total: 3, index: 2 },
    { by, reference: 77, total: 3, index: 3 },
  ]);
});

test('a part that is sent again keeps its place', () => {
  const message = sms(LONG);
  const again = outgoing({ ...message, parts: message.parts.slice(1, 2) }, smppConfig(), now);
  expect(again?.map((submit) => submit.concatenation?.index)).toEqual([2]);
});

test('message_payload takes all parts in one', () => {
  const message = sms(LONG);
  const submits = outgoing(message, smppConfig({ long: 'payload' }), now) ?? [];
  expect(submits).toHaveLength(1);
  expect(submits[0]).toMatchObject({ place: 'payload', concatenation: null });
  expect(submits[0]?.message).toEqual(Buffer.concat(message.parts.map((part) => part.payload)));
  expect(outgoing(sms('Hi'), smppConfig({ long: 'payload' }), now)?.[0]?.place).toBe('short_message');
});

test('a number that is none is not sent to', () => {
  expect(outgoing(sms('Hi', 'ACME', '977'), smppConfig(), now)).toBe(null);
});
