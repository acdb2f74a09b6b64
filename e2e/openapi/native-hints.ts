import fc, { type Arbitrary } from 'fast-check';
import { writeWav } from '../peers/wav.ts';
import { numberFor } from '../service/api.ts';
import type { Hints } from './values.ts';

/** Sound words for the fields of `/v1`, so that most requests do work; and nothing leaves this machine. @param receiver a URL on loopback */
export function nativeHints(receiver: string): Hints {
  const numbers = Array.from({ length: 150 }, (_, i) => numberFor(i));
  const some = (...values: unknown[]) => fc.constantFrom(...values);
  const channels = some('sms', 'sms', 'sms', 'sms', 'sms', 'sms', 'sms', 'voice');
  return {
    to: some(
      ...numbers,
      ...numbers.slice(0, 20).map((number) => `+977 ${number}`),
      '9841000001',
      '9841000011',
      '9841000014',
    ),
    channel: channels,
    workflow: some([{ channel: 'sms' }], [{ channel: 'sms' }, { channel: 'voice', wait: 30 }]),
    code: some('0123', '049317', 'AbC9'),
    text: some('{code} is your code', 'आफ्नो कोड {code} हो', '{code} for {brand}, {minutes} min'),
    template: some('login', 'login', 'login', 'gone'),
    name: some('login', 'code', 'gone', 'np_rija', 'a key'),
    voice: some({ language: 'ne-NP' }, { gender: 'male' }, { name: 'np_rija' }, { replays: 2 }),
    locale: some('en', 'ne-NP', 'fr', 'xx'),
    brand: some('Acme', 'नेपाल'),
    sender: some('Acme', 'Acme', 'Acme', 'Other'),
    autofill: some({ domain: 'shop.example.com' }, { android_hash: 'FA+9qCX9VSu' }),
    ip: some('203.0.113.7', '2001:db8::1'),
    texts: some({ en: '{code} is your code' }, { ne: 'कोड {code}', en: '{code}' }),
    spoken: some({ en: 'Your code is {code}' }),
    url: some(`${receiver}/endpoint`),
    callback_url: some(`${receiver}/own`),
    countries: some(null, ['*'], ['NP', 'IN']),
    default_voice: some('np_rija', 'np_binod'),
    senders: some(['Acme', '1234']),
    number_limits: some([], [{ count: 1000, period_seconds: 600 }]),
    // Neither this run nor its reader waits for what does not come.
    wait: some('0', '1'),
    limit: some('1', '2', '20', '100'),
    cursor: some('MDE5OWEzYzUtN2UyYi03YzQxLTlkMGYtM2I2YTU4YzFlMmY3'),
    prefix: some('/', '/spelling/'),
    path: some('a.wav', 'spelling/np/1.wav', 'x/y.wav'),
    created_after: some('2020-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'),
    created_before: some('2099-01-01T00:00:00Z'),
    range: some('bytes=0-99', 'bytes=100-', 'bytes=99999999-', 'bytes=5-1', 'x'),
  };
}

/** What begins a verification that does begin. */
export const STARTS = fc.oneof(
  starts({ channel: fc.constantFrom('sms', 'sms', 'voice') }),
  starts({ workflow: fc.constant([{ channel: 'sms' }, { channel: 'voice', wait: 30 }]) }),
  // Answers at once, and presses 1.
  fc.constant({ to: '9841000014', channel: 'voice' }),
);

function starts(how: Record<string, Arbitrary<unknown>>): Arbitrary<unknown> {
  const fields = {
    ...how,
    to: fc.nat(149).map(numberFor),
    code: fc.constantFrom('0123', '049317', 'AbC9'),
    ttl: fc.constantFrom(60, 300, 86_400),
    max_attempts: fc.integer({ min: 1, max: 10 }),
    sender: fc.constant('Acme'),
    metadata: fc.dictionary(fc.string({ minLength: 1, maxLength: 10 }), fc.string({ maxLength: 10 }), { maxKeys: 2 }),
    ip: fc.constantFrom('203.0.113.7', '2001:db8::1'),
  };
  return fc.record(fields, { requiredKeys: ['to'] });
}

/** Names that are not taken yet. */
export const SENDERS = fc.stringMatching(/^[A-Za-z]{4,11}$/).map((sender) => ({ sender }));

/** A file that is one, and others that are not. */
export const FILES: readonly Buffer[] = [
  writeWav({ rate: 8_000, samples: Int16Array.from({ length: 800 }, (_, i) => 8_000 * Math.sin(i / 3)) }),
  writeWav({ rate: 44_100, samples: Int16Array.from({ length: 4_410 }, (_, i) => 8_000 * Math.sin(i / 9)) }),
  writeWav({ rate: 8_000, samples: new Int16Array(0) }),
  Buffer.from('<html>no sound</html>'),
];
