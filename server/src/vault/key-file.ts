import { chmod, type FileHandle, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Log } from '../observe/log.ts';
import type { Random } from '../values/random.ts';
import { drawKeys, KeysUnusable, readKeys, type VaultKeys, writeKeys } from './keys.ts';

export interface KeySource {
  /** The value of `PASSBELL_KEYS`: the key file's text as it is, or in base64. Goes before the file. */
  readonly env: string | undefined;
  readonly path: string;
  /**
   * Whether a missing file is made. True only for a store that nothing was sealed in yet: with new keys beside old data, no stored
   * cell would open, and nodes that share a database must share their keys.
   */
  readonly create: boolean;
}

/**
 * The vault's keys from the environment or the key file, which is made (mode 0600) when `create` allows. An existing file is never
 * written to.
 * @throws {KeysUnusable} with what to do about it.
 */
export async function loadKeys(source: KeySource, random: Random, log: Log): Promise<VaultKeys> {
  if (source.env) return readKeys(plainJson(source.env), 'PASSBELL_KEYS');
  const existing = await readIfThere(source.path);
  if (existing === undefined) {
    if (!source.create) {
      throw new KeysUnusable(
        `There is no key file at ${source.path}. Restore it, or set PASSBELL_KEYS to the same value on every node.`,
      );
    }
    await create(source.path, writeKeys(drawKeys(random.bytes)), random);
    // Read back: of two processes that started together, both must use the keys of the one that came first.
    return loadKeys({ ...source, create: false }, random, log);
  }
  await warnIfReadableByOthers(source.path, log);
  return readKeys(existing, `The key file ${source.path}`);
}

function plainJson(value: string): string {
  return value.trimStart().startsWith('{') ? value : Buffer.from(value, 'base64').toString('utf8');
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw new KeysUnusable(
      `The key file ${path} cannot be read (${errno(error)}). Give this user the right to read it.`,
      {
        cause: error,
      },
    );
  }
}

/** A warning, not a refusal: Kubernetes mounts secrets readable by the pod's group. */
async function warnIfReadableByOthers(path: string, log: Log): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) log.warn('key_file_readable_by_others', { path, mode: (mode & 0o777).toString(8) });
}

/**
 * Whole or not at all, through a power cut: written beside, synced, then linked into place. A link, unlike a rename, fails when
 * the name is taken, so keys that another process just made are not overwritten.
 */
async function create(path: string, text: string, random: Random): Promise<void> {
  const folder = dirname(path);
  const draft = `${path}.${Buffer.from(random.bytes(8)).toString('hex')}`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await withFile(await open(draft, 'wx', 0o600), async (file) => {
      await file.writeFile(`${text}\n`);
      await file.sync();
    });
    // `open` applies the mode only to a file that it makes, less the umask.
    await chmod(draft, 0o600);
    await link(draft, path).catch((error: unknown) => {
      if (errno(error) !== 'EEXIST') throw error;
    });
    await unlink(draft);
    await withFile(await open(folder, 'r'), (directory) => directory.sync());
  } catch (error) {
    throw new KeysUnusable(
      `The key file ${path} cannot be made (${errno(error)}). Give this user the right to write to ${folder}, or set PASSBELL_KEYS.`,
      { cause: error },
    );
  }
}

async function withFile(file: FileHandle, use: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

function errno(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
