/** The keys that stand outside the database. Whoever lacks them can neither try out codes nor read cells of a stolen database. */
export interface VaultKeys {
  /** 32 bytes, for digests that are looked up: of numbers and of requests. Never exchanged: limits stand on it. */
  readonly numberPepper: Uint8Array;
  /** At least one, versions ascending; the last one makes new cells, the others still open old ones. */
  readonly versions: readonly KeyVersion[];
}

export interface KeyVersion {
  /** 1 … 255: a cell names it in its first byte. */
  readonly version: number;
  /** For code digests, 32 bytes. */
  readonly pepper: Uint8Array;
  /** For AES-256-GCM, 32 bytes. Random nonces bound it to 2^32 cells (NIST SP 800-38D §8.3): then add a version. */
  readonly cipher: Uint8Array;
}

/** Why keys cannot be used, and what to do about it. The message never holds key material. */
export class KeysUnusable extends Error {
  override readonly name = 'KeysUnusable';
}

const KEY_BYTES = 32;

/** Draws a first set of keys. `bytes` must be a CSPRNG. */
export function drawKeys(bytes: (count: number) => Uint8Array): VaultKeys {
  return {
    numberPepper: bytes(KEY_BYTES),
    versions: [{ version: 1, pepper: bytes(KEY_BYTES), cipher: bytes(KEY_BYTES) }],
  };
}

/** The text form, as it stands in the key file: JSON, keys in base64url. */
export function writeKeys(keys: VaultKeys): string {
  const text = (key: Uint8Array) => Buffer.from(key).toString('base64url');
  return JSON.stringify(
    {
      format: 1,
      number_pepper: text(keys.numberPepper),
      keys: keys.versions.map(({ version, pepper, cipher }) => ({
        version,
        pepper: text(pepper),
        cipher: text(cipher),
      })),
    },
    null,
    2,
  );
}

/**
 * Reads the text form. `source` names where it came from in messages.
 * @throws {KeysUnusable} naming the field at fault.
 */
export function readKeys(text: string, source: string): VaultKeys {
  const fail = (why: string): never => {
    throw new KeysUnusable(
      `${source} ${why}. Restore it from a backup: without its keys, stored cells cannot be opened.`,
    );
  };
  const file = parseObject(text) ?? fail('is not a JSON object');
  if (file['format'] !== 1) fail('has a "format" other than 1');
  const key = (value: unknown, field: string): Uint8Array => {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'base64url') : Buffer.alloc(0);
    return bytes.length === KEY_BYTES ? bytes : fail(`has no key of ${KEY_BYTES} bytes (base64url) in "${field}"`);
  };
  const list: unknown = file['keys'];
  if (!Array.isArray(list) || list.length === 0) return fail('has no "keys"');
  const versions = list.map((entry: Record<string, unknown> | null, i): KeyVersion => {
    const version = entry?.['version'];
    if (typeof version !== 'number' || !Number.isInteger(version) || version < 1 || version > 255) {
      return fail(`has no version from 1 to 255 in "keys[${i}].version"`);
    }
    return {
      version,
      pepper: key(entry?.['pepper'], `keys[${i}].pepper`),
      cipher: key(entry?.['cipher'], `keys[${i}].cipher`),
    };
  });
  versions.sort((a, b) => a.version - b.version);
  if (new Set(versions.map(({ version }) => version)).size < versions.length) fail('names one version twice in "keys"');
  return { numberPepper: key(file['number_pepper'], 'number_pepper'), versions };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // The parser's own message quotes the text, which is made of keys.
    return undefined;
  }
}
