/** A Digest challenge (RFC 3261 §20.44, RFC 7616 §3.3). Its texts are as between the quotes, backslashes and all: so they are hashed and said back. */
export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | null;
  /** The nonce was too old, the password was right. */
  readonly stale: boolean;
  /** Upper case; `MD5` where none was named. */
  readonly algorithm: string;
  /** As it was named; null: it was not. */
  readonly rawAlgorithm: string | null;
  /** `auth` where that is among those offered; `none`: none was asked for; `other`: only such as we do not have. */
  readonly qop: 'auth' | 'none' | 'other';
}

const PARAM = /[\s,]*([A-Za-z0-9\-.!%*_+`'~]+)[ \t]*=[ \t]*("(?:[^"\\]|\\[\s\S])*"|[^\s,"]+)[ \t]*/y;

/** @returns null for other schemes than Digest, and for what lacks a realm or a nonce. */
export function parseChallenge(value: string): Challenge | null {
  const scheme = /^Digest[ \t]+/i.exec(value);
  if (scheme === null) return null;
  const params = new Map<string, string>();
  const pattern = new RegExp(PARAM);
  pattern.lastIndex = scheme[0].length;
  while (pattern.lastIndex < value.length) {
    const found = pattern.exec(value);
    if (found === null) return null;
    const [, name = '', raw = ''] = found;
    params.set(name.toLowerCase(), raw.startsWith('"') ? raw.slice(1, -1) : raw);
  }
  const realm = params.get('realm');
  const nonce = params.get('nonce');
  if (realm === undefined || nonce === undefined) return null;
  const rawAlgorithm = params.get('algorithm') ?? null;
  return {
    realm,
    nonce,
    opaque: params.get('opaque') ?? null,
    stale: params.get('stale')?.toLowerCase() === 'true',
    algorithm: rawAlgorithm?.toUpperCase() ?? 'MD5',
    rawAlgorithm,
    qop: qopOf(params.get('qop')),
  };
}

function qopOf(offered: string | undefined): Challenge['qop'] {
  const names = (offered ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((name) => name !== '');
  if (names.length === 0) return 'none';
  return names.includes('auth') ? 'auth' : 'other';
}
