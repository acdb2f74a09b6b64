import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTrunkConfig } from './trunk-config.ts';

const least = { host: 'sip.example' };

function config(json: object) {
  const parsed = parseTrunkConfig({ ...least, ...json });
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.config;
}

function faulty(json: unknown): string[] {
  const parsed = parseTrunkConfig(json);
  return 'faults' in parsed ? parsed.faults.map(({ field }) => field) : [];
}

test('the least that has to be said, and what stands for the rest', () => {
  expect(config({})).toEqual({
    places: [{ host: 'sip.example', port: null, transport: 'udp' }],
    scheme: 'sip',
    tlsCa: null,
    credentials: null,
    fromDomain: 'sip.example',
    fromUser: 'caller',
    register: false,
    registerExpiresMs: 600_000,
    localPort: null,
    publicAddress: null,
    codecs: ['pcma', 'pcmu'],
    maxCalls: 30,
    trustedIdentity: false,
    callerIds: [],
    numberFormat: 'e164',
    maxCallMs: 120_000,
    giveUpMs: 5_000,
  });
});

test('everything that can be said', () => {
  const all = config({
    kind: 'sip',
    host: '2001:db8::5',
    port: 5063,
    transport: 'tls',
    backups: [{ host: 'two.example' }, { host: '10.0.0.3', port: 5070 }],
    scheme: 'sips',
    username: '4711',
    auth_username: 'acme@trunk',
    password: 'hush',
    from_domain: 'acme.example',
    register: true,
    register_expires: 120,
    local_port: 5_080,
    public_address: '198.51.100.7',
    codecs: ['pcmu'],
    max_calls: 2_000,
    trusted_identity: true,
    caller_ids: ['+9771234567'],
    number_format: 'digits',
    max_call_seconds: 600,
    give_up_ms: 4_000,
  });
  expect(all).toMatchObject({
    places: [
      { host: '2001:db8::5', port: 5063, transport: 'tls' },
      { host: 'two.example', port: null, transport: 'tls' },
      { host: '10.0.0.3', port: 5070, transport: 'tls' },
    ],
    scheme: 'sips',
    credentials: { username: '4711', authUsername: 'acme@trunk' },
    fromDomain: 'acme.example',
    registerExpiresMs: 120_000,
    localPort: 5_080,
    publicAddress: '198.51.100.7',
    codecs: ['pcmu'],
    maxCallMs: 600_000,
  });
  expect(all.credentials?.password.reveal()).toBe('hush');
  expect(`${JSON.stringify(all)} ${inspect(all)}`).not.toContain('hush');
});

test('every fault is named at once', () => {
  const json = {
    kind: 'smpp',
    host: 'sip:sip.example:5060',
    port: '5060',
    transport: 'ws',
    backups: [{ host: 'two.example:5060' }, { port: 0, weight: 1 }],
    scheme: 'sips',
    tls_ca: 'not pem',
    username: 'a"b',
    from_domain: 'acme example',
    from_user: 'nobody',
    register: true,
    register_expires: 1,
    local_port: 0,
    public_address: 'nat.example',
    codecs: ['g729'],
    max_calls: 0,
    trusted_identity: 'yes',
    caller_ids: ['0985'],
    number_format: 'national',
    max_call_seconds: 5,
    give_up_ms: 32_000,
    max_cals: 1,
  };
  expect(new Set(faulty(json))).toEqual(
    new Set([
      ...[
        'kind',
        'host',
        'port',
        'transport',
        'backups.0.host',
        'backups.1.host',
        'backups.1.port',
        'backups.1.weight',
      ],
      ...[
        'scheme',
        'tls_ca',
        'username',
        'from_domain',
        'from_user',
        'register_expires',
        'local_port',
        'public_address',
        'codecs',
        'max_calls',
      ],
      ...['trusted_identity', 'caller_ids', 'number_format', 'max_call_seconds', 'give_up_ms', 'max_cals'],
    ]),
  );
});

test.each([
  [{ username: 'acme' }, ['password']],
  [{ password: 'hush' }, ['username']],
  [{ auth_username: 'acme' }, ['username']],
  [{ register: true }, ['register']],
  [{ scheme: 'sips' }, ['scheme']],
  [{ codecs: [] }, ['codecs']],
  [{ codecs: ['pcma', 'pcma'] }, ['codecs']],
  [{ caller_ids: ['+9771234567\r\nX: y'] }, ['caller_ids']],
  [{ username: 'acme\r\nX: y', password: 'hush' }, ['username']],
  [{ from_domain: 'x\r\nX: y' }, ['from_domain']],
  [{ backups: 'two.example' }, ['backups']],
  [{ host: 'fe80::1%eth0' }, ['host']],
])('what does not go together: %j', (json, fields) => {
  expect(faulty({ ...least, ...json })).toEqual(fields);
});

test('whatever the JSON, it is read or its faults are named', () => {
  const field = fc.constantFrom('host', 'backups', 'password', 'codecs', 'caller_ids', '__proto__', 'toString', 'x');
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue())), (json) => {
      const parsed = parseTrunkConfig(json);
      if ('faults' in parsed) expect(parsed.faults.length).toBeGreaterThan(0);
      else expect(parsed.config.places[0].host).not.toBe('');
    }),
  );
});
