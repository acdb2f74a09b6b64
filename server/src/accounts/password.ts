import { argon2, timingSafeEqual } from 'node:crypto';
import type { Random } from '../values/random.ts';
import { turnstile } from '../values/turnstile.ts';

/** Argon2id's cost (RFC 9106). */
export interface PasswordCost {
  /** KiB, ≥ 8. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** OWASP Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane. About 20 ms. */
export const defaultCost: PasswordCost = { memory: 19_456, passes: 2, parallelism: 1 };

const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** A longer password is hashed nowhere: nobody types it, and it would be work for nothing. */
export const MAX_PASSWORD_LENGTH = 1_024;
/** Two threads of libuv's four: file and name look-ups must not wait behind a flood of sign-ins. */
const AT_ONCE = 2;
/** Longest queue, half a second of work: 19 MiB apiece are taken only when it is one's turn. */
const MOST_WAITING = 50;

/** Slow hashes of passwords, in the PHC string format: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export interface Passwords {
  /** Rejects with `unavailable` (`overloaded`) when too many wait. */
  hash(password: string): Promise<string>;
  /**
   * Whether `password` is the one `hash` was made of. With null (no such user) it does the same work and answers false.
   * Rejects with `unavailable` (`overloaded`) when too many wait.
   */
  verify(password: string, hash: string | null): Promise<boolean>;
}

export function argonPasswords(random: Random, cost: PasswordCost = defaultCost): Passwords {
  const gate = turnstile(AT_ONCE, MOST_WAITING);
  const dummy: Parsed = { cost, salt: random.bytes(SALT_BYTES), tag: random.bytes(TAG_BYTES) };

  return {
    async hash(password) {
      const salt = random.bytes(SALT_BYTES);
      const tag = await gate(() => derive(password, salt, TAG_BYTES, cost));
      const { memory, passes, parallelism } = cost;
      return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
    },
    async verify(password, hash) {
      const kept = (hash === null ? null : parse(hash)) ?? dummy;
      const fits = password.length <= MAX_PASSWORD_LENGTH;
      const tag = await gate(() => derive(fits ? password : '', kept.salt, kept.tag.length, kept.cost));
      return timingSafeEqual(tag, kept.tag) && fits && kept !== dummy;
    },
  };
}

/** No character that reads like another (Crockford's base 32, lower case). */
const PASSWORD_LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/** Draws a password that can be read aloud: 100 random bits as four groups of five. */
export function drawPassword(random: Random): string {
  const group = () => Array.from({ length: 5 }, () => PASSWORD_LETTERS[random.below(32)]).join('');
  return [group(), group(), group(), group()].join('-');
}

interface Parsed {
  readonly cost: PasswordCost;
  readonly salt: Uint8Array;
  readonly tag: Uint8Array;
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,86})$/;

function parse(hash: string): Parsed | null {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(hash) ?? [];
  if (salt === undefined || tag === undefined) return null;
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

function derive(password: string, salt: Uint8Array, tagLength: number, cost: PasswordCost): Promise<Buffer> {
  // NFKC, so that a password typed on another keyboard or system is the same one (NIST SP 800-63B-4 §3.1.1.2).
  const parameters = { message: password.normalize('NFKC'), nonce: salt, tagLength, ...cost };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
}

/** PHC strings write base64 without padding. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
