import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeSip } from '../message/write.ts';
import { trunkConfig } from '../trunk-config-example.ts';
import { callPlan } from '../trunk-example.ts';
import { inviteRequest } from './invite.ts';

const udp = { transport: 'udp', address: '192.0.2.1', port: 5_060, serverName: 'sip.example' } as const;

function invite(
  json: object = {},
  plan: Parameters<typeof callPlan>[0] = {},
  over: Partial<Parameters<typeof inviteRequest>[0]> = {},
) {
  const config = trunkConfig({ host: 'sip.example', ...json });
  const parts = {
    plan: callPlan(plan),
    config,
    target: udp,
    local: { host: '192.0.2.7', port: 5_070 },
    callId: 'c',
    tag: 't',
  };
  return inviteRequest({ ...parts, offer: Buffer.from('v=0'), ...over });
}

const header = (request: ReturnType<typeof invite>, name: string) => request.headers.get(name);

test('what is sent', () => {
  expect(writeSip(invite()).toString()).toBe(
    [
      'INVITE sip:+9779851023212@sip.example SIP/2.0',
      'From: <sip:+97714567890@sip.example>;tag=t',
      'To: <sip:+9779851023212@sip.example>',
      'Call-ID: c',
      'CSeq: 1 INVITE',
      'Contact: <sip:passbell@192.0.2.7:5070>',
      'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE',
      'Accept: application/sdp',
      'User-Agent: Passbell',
      'Content-Type: application/sdp',
      'Content-Length: 3',
      '',
      'v=0',
    ].join('\r\n'),
  );
});

test('neither session timers nor reliable provisional responses are promised', () => {
  const text = writeSip(invite()).toString();
  expect(text).not.toMatch(/timer|100rel/i);
});

test.each([
  ['udp', 'sip', 5_060, 'sip:+9779851023212@sip.example', '<sip:passbell@192.0.2.7:5070>'],
  ['udp', 'sip', 5_080, 'sip:+9779851023212@sip.example:5080', '<sip:passbell@192.0.2.7:5070>'],
  ['tcp', 'sip', 5_060, 'sip:+9779851023212@sip.example', '<sip:passbell@192.0.2.7:5070;transport=tcp>'],
  ['tls', 'sip', 5_061, 'sip:+9779851023212@sip.example', '<sip:passbell@192.0.2.7:5070;transport=tls>'],
  ['tls', 'sips', 5_061, 'sips:+9779851023212@sip.example', '<sips:passbell@192.0.2.7:5070>'],
] as const)('over %s with %s at %d', (transport, scheme, port, uri, contact) => {
  const request = invite({ transport, scheme }, {}, { target: { ...udp, transport, port } });
  expect(request.uri).toBe(uri);
  expect(header(request, 'To')).toBe(`<${uri}>`);
  expect(header(request, 'Contact')).toBe(contact);
});

test('IPv6 stands in brackets', () => {
  const target = { ...udp, address: '2001:db8::1', serverName: '2001:db8::1', port: 5_080 };
  const request = invite({ host: '2001:db8::1' }, {}, { target, local: { host: '2001:db8::7', port: 5_060 } });
  expect(request.uri).toBe('sip:+9779851023212@[2001:db8::1]:5080');
  expect(header(request, 'From')).toBe('<sip:+97714567890@[2001:db8::1]>;tag=t');
  expect(header(request, 'Contact')).toBe('<sip:passbell@[2001:db8::7]:5060>');
});

test('digits without +, where the trunk wants them so', () => {
  const request = invite({ number_format: 'digits', trusted_identity: true });
  expect(request.uri).toBe('sip:9779851023212@sip.example');
  expect(header(request, 'From')).toBe('<sip:97714567890@sip.example>;tag=t');
  expect(header(request, 'P-Asserted-Identity')).toBe('<sip:97714567890@sip.example>');
});

const account = { username: 'acme@trunk', password: 'hush' };
test.each([
  [
    'a number that may be shown',
    { caller_ids: ['+9771', '+97714567890'].map((n) => n.padEnd(12, '0')) },
    '+97714567890',
    '+97714567890',
  ],
  ["one that may not: the trunk's first", { caller_ids: ['+97710000000'] }, '+97714567890', '+97710000000'],
  ["none: the trunk's first", { caller_ids: ['+97710000000'] }, null, '+97710000000'],
  ['none at all: the account', account, null, 'acme%40trunk'],
  ['nothing known: a name of ours', {}, null, 'passbell'],
  ['a name where a number should be', {}, 'ACME', 'passbell'],
  ['a header where a number should be', {}, '+9771\r\nX: y', 'passbell'],
])('the caller: %s', (_, json, from, user) => {
  expect(header(invite(json, { from }), 'From')).toBe(`<sip:${user}@sip.example>;tag=t`);
});

test('a trunk that knows its callers by their account gets that; the number goes to trusted ones alone', () => {
  const request = invite({ ...account, from_user: 'account' });
  expect(header(request, 'From')).toBe('<sip:acme%40trunk@sip.example>;tag=t');
  expect(writeSip(request).toString()).not.toContain('97714567890');
  const trusted = invite({ ...account, from_user: 'account', trusted_identity: true });
  expect(header(trusted, 'From')).toBe('<sip:acme%40trunk@sip.example>;tag=t');
  expect(header(trusted, 'P-Asserted-Identity')).toBe('<sip:+97714567890@sip.example>');
});

test('from_domain is behind the @ of ours alone', () => {
  const request = invite({ from_domain: 'acme.example' });
  expect(header(request, 'From')).toBe('<sip:+97714567890@acme.example>;tag=t');
  expect(request.uri).toContain('@sip.example');
});

test('who hides is told to a trusted trunk alone, and is nowhere else', () => {
  const anonymous = '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=t';
  const trusted = invite({ trusted_identity: true }, { anonymous: true });
  expect(header(trusted, 'From')).toBe(anonymous);
  expect(header(trusted, 'Privacy')).toBe('id');
  expect(header(trusted, 'P-Asserted-Identity')).toBe('<sip:+97714567890@sip.example>');
  expect(header(trusted, 'Contact')).toBe('<sip:passbell@192.0.2.7:5070>');

  const other = invite({ ...account }, { anonymous: true });
  expect(header(other, 'From')).toBe(anonymous);
  expect(header(other, 'Privacy')).toBe('id');
  expect(writeSip(other).toString()).not.toMatch(/97714567890|acme|P-Asserted/);
});

test('who does not hide has no Privacy, and an asserted identity for trusted trunks', () => {
  expect(header(invite(), 'P-Asserted-Identity')).toBeUndefined();
  expect(header(invite({ trusted_identity: true }), 'P-Asserted-Identity')).toBe('<sip:+97714567890@sip.example>');
  expect(header(invite({ trusted_identity: true }), 'Privacy')).toBeUndefined();
});

test('whatever is dialled or shown, it starts no header: it is sent as a number, or not at all', () => {
  const piece = fc.constantFrom(
    '+977',
    '9851023212',
    '\r\n',
    '\0',
    ';',
    '@',
    '<',
    '>',
    '"',
    ' ',
    'X: y',
    '%0d%0a',
    ',',
  );
  const typed = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const names = invite({ trusted_identity: true }, { anonymous: true })
    .headers.entries()
    .map(([name]) => name);
  fc.assert(
    fc.property(typed, typed, fc.boolean(), (to, from, anonymous) => {
      let request: ReturnType<typeof invite>;
      try {
        request = invite({ trusted_identity: true }, { to, from, anonymous });
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        return;
      }
      const lines = writeSip(request).toString().split('\r\n\r\n')[0]?.split('\r\n').slice(1) ?? [];
      for (const line of lines) expect([...names, 'Content-Length']).toContain(line.split(':')[0]);
    }),
  );
});
