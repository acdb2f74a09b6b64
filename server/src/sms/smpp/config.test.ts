import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSmppConfig } from './config.ts';

const least = { host: 'smsc.example', system_id: 'acme', password: 'hush' };

function config(json: object) {
  const parsed = parseSmppConfig({ ...least, ...json });
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.config;
}

function faulty(json: unknown): string[] {
  const parsed = parseSmppConfig(json);
  return 'faults' in parsed ? parsed.faults.map(({ field }) => field) : [];
}

test('the least that has to be said, and what stands for the rest', () => {
  const { password, ...rest } = config({});
  expect(password.reveal()).toBe('hush');
  expect(rest).toEqual({
    host: 'smsc.example',
    port: 2775,
    tls: null,
    systemId: 'acme',
    systemType: '',
    addressRange: '',
    mode: 'transceiver',
    binds: 1,
    window: 50,
    rate: null,
    responseTimeoutMs: 10_000,
    enquireIntervalMs: 30_000,
    sender: null,
    sourceTon: null,
    sourceNpi: null,
    destTon: null,
    destNpi: null,
    long: 'udh',
    alphabet: 'gsm7',
    dataCoding: 0,
    validity: 'relative',
    serviceType: '',
    priorityFlag: 0,
    replaceIfPresent: false,
    receipts: true,
    receiptIdBase: 'same',
    receiptUtcOffsetMinutes: 0,
  });
});

test('everything that can be said', () => {
  const all = config({
    kind: 'smpp',
    host: '2001:db8::5',
    port: 3550,
    tls: { servername: 'smsc.example', insecure: true },
    system_type: 'OTP',
    address_range: '^977',
    mode: 'transmitter_receiver',
    binds: 4,
    window: 100,
    rate: 200,
    response_timeout: 5,
    enquire_interval: 20,
    sender: '+9779851000000',
    source_ton: 0,
    source_npi: 18,
    dest_ton: 2,
    dest_npi: 8,
    long: 'sar',
    alphabet: 'latin1',
    data_coding: 3,
    validity: 'absolute',
    service_type: 'OTP',
    priority_flag: 1,
    replace_if_present: true,
    receipts: false,
    receipt_id_base: 'hex-to-dec',
    receipt_utc_offset: 345,
  });
  expect(all).toMatchObject({
    host: '2001:db8::5',
    tls: { ca: null, servername: 'smsc.example', insecure: true },
    responseTimeoutMs: 5_000,
    sourceTon: 0,
    dataCoding: 3,
    receipts: false,
    receiptUtcOffsetMinutes: 345,
  });
});

test('null is as good as absent', () => {
  expect(config({ rate: null, sender: null, source_ton: null, tls: null, port: null })).toMatchObject({
    rate: null,
    sender: null,
    port: 2775,
  });
});

test('every fault is named at once', () => {
  const json = {
    host: 'smpp://smsc.example:2775',
    port: '2775',
    tls: { ca: 'not pem', verify: false },
    system_id: 'longer than fifteen',
    mode: 'both',
    binds: 0,
    window: 1.5,
    rate: 0,
    sender: 'A sender of too many letters',
    data_coding: 8,
    receipts: 'yes',
    sytem_type: '',
  };
  expect(faulty(json).sort()).toEqual(
    [
      'host',
      'port',
      'tls.ca',
      'tls.verify',
      'system_id',
      'password',
      'mode',
      'binds',
      'window',
      'rate',
      'sender',
      'data_coding',
      'receipts',
      'sytem_type',
    ].sort(),
  );
});

test('a fault says what is wanted, and does not repeat what was given', () => {
  const parsed = parseSmppConfig({ ...least, password: 'hush\nhush', window: 5_000 });
  expect(parsed).toEqual({
    faults: [
      { field: 'password', message: 'Must be 0 to 64 printable ASCII characters.' },
      { field: 'window', message: 'Must be a whole number from 1 to 1000.' },
    ],
  });
});

test.each([
  ['smsc.example', true],
  ['10.0.0.1', true],
  ['smsc_1', true],
  ['::1', true],
  ['[::1]', false],
  ['smsc.example:2775', false],
  ['-x', false],
  ['', false],
  [`${'a'.repeat(254)}`, false],
  ['smsc example', false],
])('the host %j', (host, good) => {
  expect(faulty({ ...least, host })).toEqual(good ? [] : ['host']);
});

test('a password cannot be printed', () => {
  const parsed = config({});
  expect(`${JSON.stringify(parsed)} ${inspect(parsed)}`).not.toContain('hush');
});

test('whatever the JSON, it is read or its faults are named', () => {
  const field = fc.constantFrom('host', 'tls', 'password', 'binds', 'sender', '__proto__', 'toString', 'x');
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue())), (json) => {
      const parsed = parseSmppConfig(json);
      if ('faults' in parsed) expect(parsed.faults.length).toBeGreaterThan(0);
      else expect(parsed.config.host).not.toBe('');
    }),
  );
});
