import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Log, silentLog } from '../../observe/log.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { clipFiles } from './clip-files.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const C = 'c'.repeat(64);
const samples = Int16Array.from({ length: 1000 }, (_, i) => i - 500);
/** A file of them: 2,000 octets and the header. */
const FILE = 2040;
const HOUR = 3_600_000;

let dir: string;
const clock = new ManualClock();
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'clips-')), 'clips');
});
afterEach(() => rm(join(dir, '..'), { recursive: true }));

function files(maxBytes?: number, log: Log = silentLog) {
  return clipFiles({ dir, clock, log, ...(maxBytes === undefined ? {} : { maxBytes }) });
}

test('what was put can be got, after a restart as well, and nobody else may read it', async () => {
  const first = files();
  expect(await first.get(A)).toBeNull();
  await first.put(A, samples);
  expect(await first.get(A)).toEqual(samples);
  await first.close();
  const second = files();
  expect(await second.get(A)).toEqual(samples);
  await second.close();
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
  expect((await stat(join(dir, `${A}.clip`))).mode & 0o777).toBe(0o600);
  expect(await readdir(dir)).toEqual([`${A}.clip`]);
});

test.each([
  ['cut short', (whole: Buffer) => whole.subarray(0, -2)],
  ['an octet short', (whole: Buffer) => whole.subarray(0, -1)],
  ['of one changed bit', (whole: Buffer) => Buffer.from(whole.map((octet, i) => (i === 900 ? octet ^ 1 : octet)))],
  ['empty', () => Buffer.alloc(0)],
  ['of something else', () => Buffer.alloc(500, 'x')],
])('a file that is %s is not there, and is made anew', async (_, broken) => {
  const cache = files();
  await cache.put(A, samples);
  const path = join(dir, `${A}.clip`);
  await writeFile(path, broken(await readFile(path)));
  expect(await cache.get(A)).toBeNull();
  expect(await readdir(dir)).toEqual([]);
  await cache.put(A, samples);
  expect(await cache.get(A)).toEqual(samples);
  await cache.close();
});

test('all of it never takes more than it may; what was used longest ago goes first', async () => {
  const cache = files(2.5 * FILE);
  await cache.put(A, samples);
  clock.leap(2 * HOUR);
  await cache.put(B, samples);
  clock.leap(2 * HOUR);
  await cache.get(A);
  await cache.put(C, samples);
  expect((await readdir(dir)).sort()).toEqual([`${A}.clip`, `${C}.clip`]);
  await cache.close();
});

test('the order of use survives a restart', async () => {
  const first = files();
  await first.put(A, samples);
  clock.leap(2 * HOUR);
  await first.put(B, samples);
  clock.leap(2 * HOUR);
  await first.get(A);
  await first.close();
  const second = files(1.5 * FILE);
  await second.sweep();
  expect(await readdir(dir)).toEqual([`${A}.clip`]);
  await second.close();
});

test('nothing outlives thirty days, however often it is used', async () => {
  const cache = files();
  await cache.put(A, samples);
  await cache.put(B, samples);
  clock.leap(29 * 24 * HOUR);
  expect(await cache.get(A)).toEqual(samples);
  clock.leap(2 * 24 * HOUR);
  expect(await cache.get(A)).toBeNull();
  await cache.sweep();
  expect(await readdir(dir)).toEqual([]);
  await cache.close();
});

test('the sweep comes by itself', async () => {
  const cache = files();
  await cache.put(A, samples);
  clock.leap(31 * 24 * HOUR);
  clock.advance(HOUR);
  await cache.close();
  expect(await readdir(dir)).toEqual([]);
});

test('drafts of a process that died are taken away, other files are left alone', async () => {
  await files().close();
  const old = join(dir, `${A}.clip.1.1.tmp`);
  await writeFile(old, 'x');
  await writeFile(join(dir, 'README'), 'x');
  await utimes(old, clock.now() / 1000 - 7200, clock.now() / 1000 - 7200);
  await files().close();
  expect(await readdir(dir)).toEqual(['README']);
});

test('a folder that cannot be had is a cache that keeps nothing, and is complained about once', async () => {
  await writeFile(dir, 'a file, not a folder');
  const events: string[] = [];
  const cache = files(undefined, { ...silentLog, warn: (event) => events.push(event) });
  await cache.put(A, samples);
  await cache.put(B, samples);
  expect(await cache.get(A)).toBeNull();
  expect(events).toEqual(['clip_cache_failed']);
  await cache.close();
});
