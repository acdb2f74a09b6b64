import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, it, test } from 'vitest';
import { Secret } from '../values/secret.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { callbackSigner } from './sign.ts';
import { newSigningSecret, signingKey } from './signing-secret.ts';

const random = seededRandom(7);
const sign = callbackSigner();
// The library holds the time of a signature against the real clock.
const now = Date.now();

test('the published library verifies what is signed, and nothing else', () => {
  fc.assert(
    fc.property(fc.json(), (body) => {
      const secret = newSigningSecret(random);
      const headers = sign('cb_01890a5d-ac96-774b-bcce-b302099a8057_delivered', now, body, [secret]);
      const library = new Webhook(secret.reveal());
      expect(library.verify(body, { ...headers })).toEqual(JSON.parse(body));
      const another = () => new Webhook(newSigningSecret(random).reveal()).verify(body, { ...headers });
      expect(another).toThrow('No matching signature');
      expect(() => library.verify(`${body} `, { ...headers })).toThrow('No matching signature');
      expect(() => library.verify(body, { ...headers, 'webhook-id': 'cb_2' })).toThrow('No matching signature');
    }),
    { numRuns: 50 },
  );
});

test('during a rotation either secret verifies', () => {
  const [old, fresh] = [newSigningSecret(random), newSigningSecret(random)];
  const headers = sign('cb_1', now, '{}', [fresh, old]);
  expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/);
  for (const secret of [old, fresh]) expect(new Webhook(secret.reveal()).verify('{}', { ...headers })).toEqual({});
});

test('the timestamp is whole seconds of the try', () => {
  expect(sign('cb_1', 1_769_854_830_999, '{}', [newSigningSecret(random)])['webhook-timestamp']).toBe('1769854830');
});

test('the example of the standard', () => {
  const secret = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const headers = sign('msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_000, '{"test": 2432232314}', [secret]);
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('nothing is sent unsigned', () => {
  expect(() => sign('cb_1', now, '{}', [])).toThrow('unsigned');
  expect(() => sign('cb_1', now, '{}', [new Secret('whsec_short')])).toThrow('not a signing secret');
});

test('a new secret has 256 bits and its prefix', () => {
  expect(newSigningSecret(random).reveal()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
});

it.each([
  ['whsec_', 23, false],
  ['whsec_', 24, true],
  ['whsec_', 64, true],
  ['whsec_', 65, false],
  ['whsk_', 32, false],
  ['', 32, false],
])('%s and %i bytes: %j', (prefix, bytes, fine) => {
  expect(signingKey(prefix + Buffer.alloc(bytes, 7).toString('base64')) !== null).toBe(fine);
});

it.each(['whsec_', 'whsec_!!!!', `whsec_${'A'.repeat(33)}`, `whsec_${'A'.repeat(32)} `, `whsec_${'-_'.repeat(16)}`])(
  '%j is none',
  (text) => {
    expect(signingKey(text)).toBeNull();
  },
);
