import { expect, test } from 'vitest';
import { seededRandom } from '../../../../values/seeded-random.ts';
import { parseNameAddr } from './name-addr.ts';
import { parseSip } from './parse.ts';
import { TORTURE, tortured } from './rfc4475/torture.ts';
import { crlf } from './rfc4475/torture-message.ts';
import type { SipMessage } from './sip-message.ts';
import { writeSip } from './write.ts';

const torture = (name: string) => parseSip(TORTURE.find((message) => message.name === name)?.octets ?? Buffer.alloc(0));

function message(octets: Uint8Array): SipMessage {
  const parsed = parseSip(octets);
  if (parsed.kind === 'fault') throw new Error(parsed.why);
  return parsed;
}

test('RFC 4475 has 49 messages', () => {
  expect(new Set(TORTURE.map(({ name }) => name)).size).toBe(49);
});

test.each(TORTURE)('RFC 4475 $section, $name: $says', ({ octets, says }) => {
  const parsed = parseSip(octets);
  if (parsed.kind !== 'fault') expect(parsed.kind).toBe(says);
  else expect(parsed.method === null ? 'dropped' : parsed.status).toBe(says);
});

test('wsinv: folded lines, compact names, lists and white space all over', () => {
  const parsed = torture('wsinv');
  if (parsed.kind !== 'request') throw new Error('not a request');
  const { headers } = parsed;
  expect(parseNameAddr(headers.get('t') ?? '')).toEqual({
    displayName: '',
    uri: 'sip:vivekg@chair-dnrc.example.com',
    params: [['tag', '1918181833n']],
  });
  expect(parseNameAddr(headers.get('From') ?? '')?.displayName).toBe('J Rosenberg \\"');
  expect(headers.all('VIA')).toHaveLength(3);
  expect(headers.get('newfangledheader')).toBe('newfangled value continued newfangled value');
  expect(headers.get('subject')).toBe('');
  expect(parseNameAddr(headers.get('contact') ?? '')?.params).toEqual([
    ['newparam', 'newvalue'],
    ['secondparam', null],
    ['q', '0.33'],
  ]);
  expect(parsed.body).toHaveLength(150);
});

test('dblreq: what follows the body is not looked at', () => {
  expect(torture('dblreq')).toMatchObject({ kind: 'request', method: 'REGISTER', body: new Uint8Array(0) });
});

test('unreason: a reason phrase in any language, and noreason: none', () => {
  expect(torture('unreason')).toMatchObject({ status: 200, reason: expect.stringContaining('но сто девяносто') });
  expect(torture('noreason')).toMatchObject({ status: 100, reason: '' });
});

test('intmeth: a NUL in quotes is read as a space', () => {
  expect(parseNameAddr(torture('intmeth').headers.get('to') ?? '')?.displayName).toBe('BEL:\x07 NUL:  DEL:\x7f');
});

test('mpart01: a body is octets, not text', () => {
  const parsed = torture('mpart01');
  expect(parsed.kind === 'request' && Buffer.from(parsed.body).includes(Buffer.of(0x30, 0x82, 0x01, 0x52))).toBe(true);
});

test('a fault tells the method and what headers there were, so that it can be refused', () => {
  const parsed = torture('multi01');
  expect(parsed).toMatchObject({ kind: 'fault', method: 'INVITE', why: 'more than one from' });
  expect(parsed.headers.all('cseq')).toEqual(['5 INVITE', '59 INVITE']);
});

const PLAIN = `OPTIONS sip:a@b SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx
From: <sip:a@b>;tag=1
To: <sip:a@b>
Call-ID: x
CSeq: 1 OPTIONS
`;

test.each([
  ['a line break of its own in a header', `${PLAIN}X: a\rY: b\n\n`],
  ['a NUL', `${PLAIN}X: a\0b\n\n`],
  ['a name that is no token', `${PLAIN}X Y: z\n\n`],
  ['a field before any name', PLAIN.replace('Via', ' Via').concat('\n')],
  ['no end', PLAIN],
  ['300 header fields', `${PLAIN}${'X: y\n'.repeat(300)}\n`],
  ['a list that makes 300', `${PLAIN}Supported: ${'x,'.repeat(300)}y\n\n`],
  ['a line of 9 KB', `${PLAIN}X: ${'y'.repeat(9000)}\n\n`],
  ['a response of no status', PLAIN.replace(/^.*/, 'SIP/2.0 099 x').concat('\n')],
])('%s is a fault', (_, text) => {
  expect(parseSip(crlf(`${PLAIN}\n`)).kind).toBe('request');
  expect(parseSip(crlf(text)).kind).toBe('fault');
});

test('a message of more than 64 KB is too large', () => {
  const octets = Buffer.concat([crlf(`${PLAIN}\n`), Buffer.alloc(65_000)]);
  expect(parseSip(octets).kind).toBe('request');
  expect(parseSip(Buffer.concat([octets, Buffer.alloc(1000)]))).toMatchObject({ kind: 'fault', status: 513 });
});

test('nothing at all, and noise, are faults', () => {
  for (const text of ['', '\r\n', '\r\n\r\n', 'x', '\0\0', 'GET / HTTP/1.1\r\n\r\n'])
    expect(parseSip(Buffer.from(text)).kind).toBe('fault');
});

test('20,000 bent messages: never a throw, and what is taken can be written and reads the same', () => {
  const bent = tortured(seededRandom(4475));
  let taken = 0;
  let refused = 0;
  for (let nth = 0; nth < 20_000; nth++) {
    const parsed = parseSip(bent.next().value);
    if (parsed.kind === 'fault') {
      refused += 1;
      continue;
    }
    taken += 1;
    const again = message(writeSip(parsed));
    expect(again.headers.without('l').entries()).toEqual(parsed.headers.without('l').entries());
    expect(again.body).toEqual(parsed.body);
  }
  expect(taken).toBeGreaterThan(2_000);
  expect(refused).toBeGreaterThan(2_000);
});
