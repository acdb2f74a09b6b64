import type { Secret } from '../values/secret.ts';
import { type Hmac, hmacSha256 } from '../vault/hmac.ts';
import { signingKey } from './signing-secret.ts';

/** The headers that prove where a callback comes from. */
export interface SignatureHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/**
 * Signs as Standard Webhooks 1.0 does: HMAC-SHA-256 over id, time and body, once with each secret in force, so that a receiver may
 * change secrets without a gap.
 *
 * @param id from `webhookId`
 * @param now of this try, ms since the epoch: receivers refuse what is older than a few minutes
 * @throws RangeError when there is no secret, or one is not in its form
 */
export type Sign = (id: string, now: number, body: string, secrets: readonly Secret[]) => SignatureHeaders;

export function callbackSigner(): Sign {
  // Reading a secret takes longer than signing with it, and callers keep their secrets.
  const prepared = new WeakMap<Secret, Hmac>();

  function hmacOf(secret: Secret): Hmac {
    const known = prepared.get(secret);
    if (known !== undefined) return known;
    const key = signingKey(secret.reveal());
    if (key === null) throw new RangeError('not a signing secret');
    const hmac = hmacSha256(key);
    prepared.set(secret, hmac);
    return hmac;
  }

  return (id, now, body, secrets) => {
    if (secrets.length === 0) throw new RangeError('a callback is never sent unsigned');
    const timestamp = String(Math.floor(now / 1000));
    const signed = `${id}.${timestamp}.${body}`;
    const signatures = secrets.map((secret) => `v1,${Buffer.from(hmacOf(secret)(signed), 'hex').toString('base64')}`);
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
  };
}
