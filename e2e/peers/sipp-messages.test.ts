import { expect, test } from 'vitest';
import { readMessages } from './sipp-messages.ts';

const RULE = '-----------------------------------------------';
const LOG = `${RULE} 2026-11-25 03:46:09.756816
UDP message received [511] bytes :

INVITE sip:bob@127.0.0.1 SIP/2.0\r
Via: SIP/2.0/UDP 127.0.0.1:25070\r
CSeq : 1 INVITE\r
\r
v=0\r

${RULE} 2026-11-25 03:46:09.757000
UDP message sent (309 bytes):

SIP/2.0 180 Ringing\r
\r

${RULE}
Dead call 1-7509@127.0.0.1 received a UDP message:

BYE sip:bob@127.0.0.1 SIP/2.0\r
\r
`;

test('messages are read with their way, time and headers, those after the end of a call too', () => {
  const messages = readMessages(LOG);
  expect(messages.map(({ direction, firstLine }) => [direction, firstLine])).toEqual([
    ['received', 'INVITE sip:bob@127.0.0.1 SIP/2.0'],
    ['sent', 'SIP/2.0 180 Ringing'],
    ['received', 'BYE sip:bob@127.0.0.1 SIP/2.0'],
  ]);
  const [invite, ringing, bye] = messages;
  expect(invite?.header('cseq')).toBe('1 INVITE');
  expect(invite?.header('contact')).toBeUndefined();
  expect(invite?.text.endsWith('\n\nv=0')).toBe(true);
  expect((ringing?.at ?? 0) - (invite?.at ?? 0)).toBe(1);
  expect(bye?.at).toBeNull();
});

test('a log that is not there yet has no messages', () => {
  expect(readMessages('')).toEqual([]);
});
