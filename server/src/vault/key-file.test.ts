import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Log, silentLog } from '../observe/log.ts';
import { systemRandom } from '../values/random.ts';
import { loadKeys } from './key-file.ts';
import { drawKeys, KeysUnusable, readKeys, writeKeys } from './keys.ts';

const random = systemRandom();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passbell-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

const load = (create: boolean, env?: string, log: Log = silentLog) =>
  loadKeys({ env, path: join(folder, 'data', 'keys.json'), create }, random, log);

describe('the key file', () => {
  it('is made once, readable by its owner alone, and then read', async () => {
    const made = await load(true);
    const path = join(folder, 'data', 'keys.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'data'))).toEqual(['keys.json']);
    const text = await readFile(path, 'utf8');
    expect(await load(true)).toEqual(made);
    expect(await load(false)).toEqual(made);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('is the same for all who start together', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => load(true)));
    for (const keys of all) expect(keys).toEqual(all[0]);
  });

  it('is not made where it may not be', async () => {
    await expect(load(false)).rejects.toThrow(/no key file at .*keys\.json.*PASSBELL_KEYS/);
    await expect(stat(join(folder, 'data'))).rejects.toThrow();
  });

  it('is never overwritten, even when it is broken', async () => {
    await mkdir(join(folder, 'data'));
    const path = join(folder, 'data', 'keys.json');
    await writeFile(path, '{"format":1,"keys":[]}', { mode: 0o600 });
    await expect(load(true)).rejects.toThrow(KeysUnusable);
    expect(await readFile(path, 'utf8')).toBe('{"format":1,"keys":[]}');
  });

  it('that others can read is used with a warning', async () => {
    await load(true);
    await chmod(join(folder, 'data', 'keys.json'), 0o644);
    const warnings: unknown[] = [];
    await load(false, undefined, { ...silentLog, warn: (event, fields) => warnings.push([event, fields?.['mode']]) });
    expect(warnings).toEqual([['key_file_readable_by_others', '644']]);
  });

  it('gives way to the environment, as JSON or base64', async () => {
    const text = writeKeys(drawKeys(random.bytes));
    expect(await load(false, text)).toEqual(readKeys(text, 'test'));
    expect(await load(false, Buffer.from(text).toString('base64'))).toEqual(readKeys(text, 'test'));
  });
});

describe('readKeys', () => {
  const good = JSON.parse(writeKeys(drawKeys(random.bytes))) as {
    format: number;
    number_pepper: string;
    keys: { version: number; pepper: string; cipher: string }[];
  };
  const [first] = good.keys;

  it.each<[string, unknown, RegExp]>([
    ['no JSON', undefined, /not a JSON object/],
    ['another format', { ...good, format: 2 }, /"format"/],
    ['no keys', { ...good, keys: [] }, /"keys"/],
    ['a short pepper', { ...good, number_pepper: 'AAAA' }, /"number_pepper"/],
    ['a short cipher', { ...good, keys: [{ ...first, cipher: 'AAAA' }] }, /"keys\[0\]\.cipher"/],
    ['version 0', { ...good, keys: [{ ...first, version: 0 }] }, /"keys\[0\]\.version"/],
    ['version 256', { ...good, keys: [{ ...first, version: 256 }] }, /"keys\[0\]\.version"/],
    ['a null version', { ...good, keys: [null] }, /"keys\[0\]\.version"/],
    ['a version twice', { ...good, keys: [first, first] }, /twice/],
  ])('refuses %s and names it, without quoting a key', (_, value, message) => {
    const read = () => readKeys(value === undefined ? `[${good.number_pepper}` : JSON.stringify(value), 'The key file');
    expect(read).toThrow(KeysUnusable);
    expect(read).toThrow(message);
    try {
      read();
    } catch (error) {
      expect((error as Error).message).not.toContain(good.number_pepper);
      expect((error as Error).message).not.toContain(first?.pepper);
    }
  });

  it('sorts the versions: the newest makes new cells', () => {
    const keys = readKeys(
      JSON.stringify({
        ...good,
        keys: [
          { ...first, version: 3 },
          { ...first, version: 2 },
        ],
      }),
      'test',
    );
    expect(keys.versions.map(({ version }) => version)).toEqual([2, 3]);
  });
});
