import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Random } from '../../../values/random.ts';
import { seededRandom } from '../../../values/seeded-random.ts';
import { parseChallenge } from './challenge.ts';
import { authenticator } from './digest.ts';
import { sipHeaders } from './message/sip-headers.ts';
import { NO_BODY, type SipResponse } from './message/sip-message.ts';

const MUFASA = { username: 'Mufasa', password: 'Circle of Life' };

function refusal(status: 401 | 407, ...challenges: string[]): SipResponse {
  const name = status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate';
  const headers = sipHeaders(challenges.map((value) => [name, value] as const));
  return { kind: 'response', status, reason: '', headers, body: NO_BODY };
}

/** A parameter of an answer, without its quotes. */
const field = (value: string | undefined, name: string) => new RegExp(`[ ,]${name}="?([^",]*)`).exec(value ?? '')?.[1];

/** Chance that draws this cnonce. */
const drawing = (cnonce: string): Random => ({ ...seededRandom(1), bytes: () => Buffer.from(cnonce, 'base64') });

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

test('RFC 2617 §3.5', () => {
  const auth = authenticator({ ...MUFASA, password: 'Circle Of Life' }, drawing('0a4f113b'));
  const challenge =
    'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
  expect(auth.challenged(refusal(401, challenge), 0)).toBe(true);
  const [[name, value] = []] = auth.headers('GET', '/dir/index.html');
  expect(name).toBe('Authorization');
  expect(field(value, 'response')).toBe('6629fae49393a05397450978507c4ef1');
  expect(field(value, 'opaque')).toBe('5ccc069c403ebaf9f0171e9517f40e41');
  expect(value).not.toContain('algorithm');
});

const RFC_7616 = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;

test.each([
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
])('RFC 7616 §3.9.1, %s', (algorithm, response) => {
  const auth = authenticator(MUFASA, drawing('f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'));
  expect(auth.challenged(refusal(407, RFC_7616(algorithm)), 0)).toBe(true);
  const [[name, value] = []] = auth.headers('GET', '/dir/index.html');
  expect(name).toBe('Proxy-Authorization');
  expect(field(value, 'response')).toBe(response);
  expect(field(value, 'algorithm')).toBe(algorithm);
});

test('SHA-256 before MD5, in whichever order they are offered; what nobody here has is passed over', () => {
  for (const offered of [
    [RFC_7616('MD5'), RFC_7616('SHA-256')],
    [RFC_7616('SHA-512-256'), RFC_7616('SHA-256'), 'Basic realm="x"', RFC_7616('MD5')],
  ]) {
    const auth = authenticator(MUFASA, seededRandom(1));
    expect(auth.challenged(refusal(401, ...offered), 0)).toBe(true);
    expect(auth.headers('GET', '/').map(([, value]) => field(value, 'algorithm'))).toEqual(['SHA-256']);
  }
});

test('without qop, as in RFC 2069; and a session key', () => {
  const auth = authenticator(MUFASA, drawing('AAAA'));
  auth.challenged(refusal(401, 'Digest realm="r", nonce="n"'), 0);
  const a2 = md5('INVITE:sip:a@b');
  const [[, plain] = []] = auth.headers('INVITE', 'sip:a@b');
  expect(field(plain, 'response')).toBe(md5(`${md5('Mufasa:r:Circle of Life')}:n:${a2}`));
  expect(plain).not.toMatch(/qop|nc=|cnonce/);

  auth.challenged(refusal(401, 'Digest realm="r", nonce="n", algorithm=md5-sess, qop="auth"'), 0);
  const [[, session] = []] = auth.headers('INVITE', 'sip:a@b');
  const a1 = md5(`${md5('Mufasa:r:Circle of Life')}:n:AAAA`);
  expect(field(session, 'response')).toBe(md5(`${a1}:n:00000001:AAAA:auth:${a2}`));
});

test('a nonce is used again and counted, until the next one comes', () => {
  const auth = authenticator(MUFASA, seededRandom(1));
  expect(auth.headers('INVITE', 'sip:a@b')).toEqual([]);
  const counts = () => auth.headers('INVITE', 'sip:a@b').map(([, value]) => field(value, 'nc'));
  auth.challenged(refusal(401, 'Digest realm="r", nonce="n", qop="auth"'), 0);
  expect([counts(), counts()]).toEqual([['00000001'], ['00000002']]);
  auth.challenged(refusal(401, 'Digest realm="r", nonce="m", qop="auth", stale=TRUE'), 0);
  expect(counts()).toEqual(['00000001']);
});

test('a server and a proxy are both answered', () => {
  const auth = authenticator(MUFASA, seededRandom(1));
  expect(auth.challenged(refusal(401, 'Digest realm="r", nonce="n"'), 0)).toBe(true);
  expect(auth.challenged(refusal(407, 'Digest realm="r", nonce="p"'), 1)).toBe(true);
  expect(auth.headers('INVITE', 'sip:a@b').map(([name]) => name)).toEqual(['Authorization', 'Proxy-Authorization']);
});

test('refused a second time, it is the password; unless the nonce was stale, and not for ever', () => {
  const auth = authenticator(MUFASA, seededRandom(1));
  const challenge = 'Digest realm="r", nonce="n"';
  expect(auth.challenged(refusal(401, challenge), 0)).toBe(true);
  expect(auth.challenged(refusal(401, challenge), 1)).toBe(false);
  expect(auth.challenged(refusal(401, `${challenge}, stale=true`), 1)).toBe(true);
  expect(auth.challenged(refusal(401, `${challenge}, stale=true`), 3)).toBe(false);
});

test.each(['', 'Basic realm="r"', 'Digest realm="r"', 'Digest nonce="n"', 'Digest realm="r, nonce="n"', 'Digest x'])(
  '%j cannot be answered',
  (value) => {
    expect(parseChallenge(value)).toBeNull();
    expect(authenticator(MUFASA, seededRandom(1)).challenged(refusal(401, value), 0)).toBe(false);
  },
);

test('only auth-int: not ours', () => {
  const auth = authenticator(MUFASA, seededRandom(1));
  expect(auth.challenged(refusal(401, 'Digest realm="r", nonce="n", qop="auth-int"'), 0)).toBe(false);
});

test('realms without end do not pile up', () => {
  const auth = authenticator(MUFASA, seededRandom(1));
  for (let nth = 0; nth < 100; nth++) auth.challenged(refusal(401, `Digest realm="${nth}", nonce="n"`), 0);
  expect(auth.headers('INVITE', 'sip:a@b').length).toBeLessThanOrEqual(8);
});
