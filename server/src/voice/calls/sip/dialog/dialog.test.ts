import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../../values/seeded-random.ts';
import { inviteRequest } from '../call/invite.ts';
import { parseSip } from '../message/parse.ts';
import { sipHeaders } from '../message/sip-headers.ts';
import { NO_BODY, type SipResponse } from '../message/sip-message.ts';
import { writeSip } from '../message/write.ts';
import { farRequest } from '../scripted-stack.ts';
import type { Resolver } from '../targets/resolver.ts';
import type { Target } from '../transport/target.ts';
import { trunkConfig } from '../trunk-config-example.ts';
import { callPlan } from '../trunk-example.ts';
import { dialogOf } from './dialog.ts';
import { nextHop } from './next-hop.ts';

const udp: Target = { transport: 'udp', address: '192.0.2.1', port: 5_060, serverName: 'sip.example' };
const local = { host: '192.0.2.7', port: 5_060 };
const ids = { callId: 'c', tag: 't' };
const invite = inviteRequest({ plan: callPlan(), config: trunkConfig(), target: udp, local, ...ids, offer: NO_BODY });

function dialog(...headers: (readonly [string, string])[]) {
  const to = `<sip:+9779851023212@sip.example>;tag=far`;
  const fields = sipHeaders([['To', to], ...headers]);
  return dialogOf(invite, { kind: 'response', status: 200, reason: '', headers: fields, body: NO_BODY });
}

test('without a route: to the Contact', () => {
  const one = dialog(['Contact', '"Far" <sip:far@198.51.100.9:5062;x=y>;expires=5']);
  expect(one.hop()).toBe('sip:far@198.51.100.9:5062;x=y');
  expect(one.ack().uri).toBe('sip:far@198.51.100.9:5062;x=y');
  expect(one.ack().headers.all('Route')).toEqual([]);
  expect(one.ack().headers.get('To')).toBe('<sip:+9779851023212@sip.example>;tag=far');
});

test('without a Contact, or one that is none: to what was dialled', () => {
  expect(dialog().hop()).toBe(invite.uri);
  expect(dialog(['Contact', '<tel:+977>']).hop()).toBe(invite.uri);
  expect(dialog(['Contact', 'far']).hop()).toBe(invite.uri);
});

test('loose routers: the route is what they recorded, backwards', () => {
  const one = dialog(
    ['Record-Route', '<sip:198.51.100.2;lr>'],
    ['Record-Route', '<sip:192.0.2.1;lr;ftag=t>'],
    ['Contact', '<sip:far@198.51.100.9>'],
  );
  const bye = one.request('BYE');
  expect(one.hop()).toBe('sip:192.0.2.1;lr;ftag=t');
  expect(bye.uri).toBe('sip:far@198.51.100.9');
  expect(bye.headers.all('Route')).toEqual(['<sip:192.0.2.1;lr;ftag=t>', '<sip:198.51.100.2;lr>']);
});

test('a strict router has itself in the request line, and the far end last', () => {
  const one = dialog(
    ['Record-Route', '<sip:198.51.100.2;lr>'],
    ['Record-Route', '<sip:192.0.2.1>'],
    ['Contact', '<sip:far@198.51.100.9>'],
  );
  const bye = one.request('BYE');
  expect(one.hop()).toBe('sip:192.0.2.1');
  expect(bye.uri).toBe('sip:192.0.2.1');
  expect(bye.headers.all('Route')).toEqual(['<sip:198.51.100.2;lr>', '<sip:far@198.51.100.9>']);
});

test('numbers count up from the INVITE; the ACK has its own', () => {
  const one = dialog();
  expect(one.request('BYE').headers.get('CSeq')).toBe('2 BYE');
  expect(one.request('BYE').headers.get('CSeq')).toBe('3 BYE');
  expect(one.ack().headers.get('CSeq')).toBe('1 ACK');
});

test('a dialog owns what has its Call-ID and both its tags', () => {
  const one = dialog();
  const bye = farRequest(invite, 'BYE');
  expect(one.owns(bye)).toBe(true);
  expect(one.owns(farRequest(invite, 'BYE', { tag: 'other' }))).toBe(false);
  expect(one.owns({ ...bye, headers: bye.headers.with('Call-ID', 'd') })).toBe(false);
  expect(one.owns({ ...bye, headers: bye.headers.with('To', '<sip:a@b>;tag=other') })).toBe(false);
  expect(one.owns({ ...bye, headers: bye.headers.with('To', '<sip:a@b>') })).toBe(false);
});

test('whatever a far end puts into its answer, what we send in the call can be written', () => {
  const piece = fc.constantFrom(
    ...[
      '<sip:a@b>',
      '"\\\u0000" ',
      '<sip:a\\\u0000b>',
      ';tag="\\\u0000"',
      ';tag=far',
      ';lr',
      '<tel:+1>',
      '<sip:b;lr>',
      ',',
      '"',
    ],
  );
  const value = fc.oneof(
    fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('')),
    fc.string(),
  );
  const name = fc.constantFrom('Contact', 'Record-Route', 'To', 'm', 'X');
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (fields) => {
      const text = [
        'SIP/2.0 200 OK',
        ...['Via: SIP/2.0/UDP a;branch=z9hG4bK1', 'From: <sip:a@b>;tag=t', 'Call-ID: c', 'CSeq: 1 INVITE'],
        ...(fields.some(([key]) => key === 'To') ? [] : ['To: <sip:a@b>;tag=far']),
        ...fields.map(([key, one]) => `${key}: ${one}`),
      ];
      const read = parseSip(Buffer.from(`${text.join('\r\n')}\r\n\r\n`));
      if (read.kind !== 'response') return;
      const one = dialogOf(invite, read satisfies SipResponse);
      expect(() => [writeSip(one.ack()), writeSip(one.request('BYE'))]).not.toThrow();
    }),
    { numRuns: 500 },
  );
});

const resolver: Resolver = {
  srv: async () => [],
  addresses: async (host) => (host === 'media.example' ? ['2001:db8::9', '198.51.100.9'] : []),
};
const hop = (uri: string, first: Target = udp) => nextHop(resolver, seededRandom(1))(uri, first);
const tcp: Target = { ...udp, transport: 'tcp' };
const tls: Target = { ...udp, transport: 'tls', port: 5_061 };

test.each([
  ['sip:a@198.51.100.9:5062', udp, { transport: 'udp', address: '198.51.100.9', port: 5_062 }],
  ['sip:a@198.51.100.9', tcp, { transport: 'udp', address: '198.51.100.9', port: 5_060 }],
  ['sip:a@198.51.100.9;transport=TCP', udp, { transport: 'tcp', address: '198.51.100.9', port: 5_060 }],
  ['sip:a@media.example', udp, { transport: 'udp', address: '198.51.100.9', port: 5_060 }],
  ['sips:a@198.51.100.9', tls, { transport: 'tls', address: '198.51.100.9', port: 5_061, serverName: 'sip.example' }],
  [
    'sips:a@media.example',
    tls,
    { transport: 'tls', address: '198.51.100.9', port: 5_061, serverName: 'media.example' },
  ],
])('%s leads there', async (uri, first, wanted) => {
  expect(await hop(uri, first)).toMatchObject(wanted);
});

test.each([
  ['the trunk itself, though it does not say how', 'sip:a@192.0.2.1', tcp],
  ['the trunk by its name', 'sip:a@sip.example', tls],
  ['out of TLS', 'sip:a@198.51.100.9:5060', tls],
  ['a transport that we do not have', 'sip:a@198.51.100.9;transport=sctp', udp],
  ['an address of the other family: there may be no socket for it', 'sip:a@[2001:db8::9]:5062', udp],
  ['a name that is none', 'sip:a@nowhere.example', udp],
  ['no SIP address', 'tel:+977', udp],
])('it stays where the INVITE went: %s', async (_, uri, first) => {
  expect(await hop(uri, first)).toBe(first);
});
