import { createHash } from 'node:crypto';
import type { Random } from '../../../values/random.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import type { SipResponse } from './message/sip-message.ts';
import { quoted } from './message/token.ts';

export interface DigestCredentials {
  readonly username: string;
  readonly password: string;
}

/** Answers the challenges of one far end, and remembers their nonces. */
export interface Authenticator {
  /**
   * `Authorization` and `Proxy-Authorization` for a request to be sent: none before the first challenge. Each call counts the nonce
   * up, so what it gives is for one request.
   */
  headers(method: string, uri: string): readonly (readonly [name: string, value: string])[];
  /**
   * Takes the challenges of a 401 or 407.
   * @param tries how often this same request was answered with a challenge already, 0 for the first.
   * @returns whether sending the request again, with new `headers`, can help: at first, or when only the nonce was stale. Otherwise
   * the password is wrong, or there is no challenge that can be answered.
   */
  challenged(response: SipResponse, tries: number): boolean;
}

/** RFC 8760 §2.4 leaves the choice to us: the stronger first. */
const HASHES = [
  ['SHA-256', 'sha256'],
  ['MD5', 'md5'],
] as const;

/** A nonce that is stale this often in a row was never fresh. */
const MOST_TRIES = 3;
/** Realms of one far end: its own, and that of a proxy or two. */
const MOST_REALMS = 8;

type Hash = (typeof HASHES)[number][1];

interface Answerable {
  readonly header: 'Authorization' | 'Proxy-Authorization';
  readonly challenge: Challenge;
  readonly hash: Hash;
  readonly cnonce: string;
  /** How often the nonce was used (RFC 7616 §3.4, `nc`). */
  uses: number;
}

export function authenticator(credentials: DigestCredentials, random: Random): Authenticator {
  const answerable = new Map<string, Answerable>();

  /** The challenge of each realm that is strongest of those we can answer. */
  function best(response: SipResponse): Map<string, Answerable> {
    const header = response.status === 407 ? 'Proxy-Authorization' : 'Authorization';
    const values = response.headers.all(response.status === 407 ? 'proxy-authenticate' : 'www-authenticate');
    const challenges = values.map(parseChallenge).filter((challenge) => challenge !== null);
    const found = new Map<string, Answerable>();
    for (const [name, hash] of HASHES) {
      for (const challenge of challenges) {
        const key = `${header} ${challenge.realm}`;
        const ours = challenge.algorithm === name || challenge.algorithm === `${name}-SESS`;
        if (!ours || challenge.qop === 'other' || found.has(key) || found.size >= MOST_REALMS) continue;
        const cnonce = Buffer.from(random.bytes(12)).toString('base64');
        found.set(key, { header, challenge, hash, cnonce, uses: 0 });
      }
    }
    return found;
  }

  return {
    headers(method, uri) {
      return [...answerable.values()].map((known) => {
        known.uses += 1;
        return [known.header, answer(known, credentials, method, uri)] as const;
      });
    },
    challenged(response, tries) {
      const found = best(response);
      if (found.size === 0 || tries >= MOST_TRIES) return false;
      // A realm not answered so far is a new question: a proxy behind the one that was content.
      const helps = [...found].some(([key, { challenge }]) => tries === 0 || challenge.stale || !answerable.has(key));
      for (const [key, fresh] of found) {
        answerable.delete(key);
        answerable.set(key, fresh);
      }
      for (const oldest of answerable.keys()) {
        if (answerable.size <= MOST_REALMS) break;
        answerable.delete(oldest);
      }
      return helps;
    },
  };
}

/** RFC 7616 §3.4.1; without qop, RFC 2069's way, as §3.4.1 of RFC 2617 keeps it. */
function answer(known: Answerable, credentials: DigestCredentials, method: string, uri: string): string {
  const { realm, nonce, opaque, qop, algorithm, rawAlgorithm } = known.challenge;
  const digest = (text: string) => createHash(known.hash).update(text).digest('hex');
  const nc = known.uses.toString(16).padStart(8, '0');
  const plain = digest(`${credentials.username}:${realm}:${credentials.password}`);
  const session = algorithm.endsWith('-SESS');
  const a1 = session ? digest(`${plain}:${nonce}:${known.cnonce}`) : plain;
  const a2 = digest(`${method}:${uri}`);
  const response = digest(qop === 'auth' ? `${a1}:${nonce}:${nc}:${known.cnonce}:auth:${a2}` : `${a1}:${nonce}:${a2}`);

  const fields = [
    `username=${quoted(credentials.username)}`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri=${quoted(uri)}`,
    `response="${response}"`,
  ];
  // Said back as it came: some compare it letter for letter. Where none came, none is known.
  if (rawAlgorithm !== null) fields.push(`algorithm=${rawAlgorithm}`);
  if (qop === 'auth') fields.push(`qop=auth, nc=${nc}`);
  if (qop === 'auth' || session) fields.push(`cnonce="${known.cnonce}"`);
  if (opaque !== null) fields.push(`opaque="${opaque}"`);
  return `Digest ${fields.join(', ')}`;
}
