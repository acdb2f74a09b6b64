import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../observe/log.ts';
import type { Clock, Timer } from '../../values/clock.ts';

/**
 * Sound kept on disk between starts, 8 kHz mono 16 bit. It can be thrown away at any time: what cannot be read is not there. File names
 * are digests, never a caller's text; what is spoken in a file may be a caller's text, so none outlives `maxAgeMs`.
 */
export interface ClipFiles {
  /** @param name 64 hexadecimal digits. Null: not there, too old, or not whole. Never rejects. */
  get(name: string): Promise<Int16Array | null>;
  /** Resolves when it is written, or could not be. Never rejects. */
  put(name: string, samples: Int16Array): Promise<void>;
  /** Removes what is too old, and what was used longest ago while all of it takes more than `maxBytes`. */
  sweep(): Promise<void>;
  /** Waits for writes under way. */
  close(): Promise<void>;
}

export interface ClipFilesOptions {
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly maxBytes?: number;
  readonly maxAgeMs?: number;
}

const MAGIC = Buffer.from('PBCLIP1\n');
const HEADER_BYTES = MAGIC.length + 32;
const SUFFIX = '.clip';
const NAME = /^[0-9a-f]{64}\.clip$/;

const HOUR_MS = 3_600_000;
/** A write takes milliseconds; what is left of one after so long is left for good. */
const STALE_TMP_MS = HOUR_MS;

interface Kept {
  readonly bytes: number;
  readonly madeAt: number;
  usedAt: number;
}

export function clipFiles({
  dir,
  clock,
  log,
  maxBytes = 256 * 1024 * 1024,
  maxAgeMs = 30 * 24 * HOUR_MS,
}: ClipFilesOptions): ClipFiles {
  const kept = new Map<string, Kept>();
  const underWay = new Set<Promise<void>>();
  let bytes = 0;
  let writes = 0;
  let complained = false;
  let closed = false;
  let timer: Timer | undefined;
  const known = tracked(list());

  function path(name: string): string {
    return join(dir, name + SUFFIX);
  }

  function tracked(work: Promise<void>): Promise<void> {
    const settled = work.catch(complain).finally(() => underWay.delete(settled));
    underWay.add(settled);
    return settled;
  }

  /** A disk that is full makes the service slower, not wrong: said once. */
  function complain(error: unknown): void {
    if (complained) return;
    complained = true;
    log.warn('clip_cache_failed', { dir, cause: (error as NodeJS.ErrnoException).code ?? 'unknown' });
  }

  function note(name: string, entry: Kept): void {
    bytes += entry.bytes - (kept.get(name)?.bytes ?? 0);
    kept.set(name, entry);
  }

  async function remove(name: string): Promise<void> {
    bytes -= kept.get(name)?.bytes ?? 0;
    kept.delete(name);
    await rm(path(name), { force: true });
  }

  async function list(): Promise<void> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    for (const file of await readdir(dir)) {
      const found = await stat(join(dir, file)).catch(() => null);
      if (!found?.isFile()) continue;
      const entry = { bytes: found.size, madeAt: found.mtimeMs, usedAt: Math.max(found.atimeMs, found.mtimeMs) };
      if (NAME.test(file)) note(file.slice(0, -SUFFIX.length), entry);
      else if (file.endsWith('.tmp') && found.mtimeMs < clock.now() - STALE_TMP_MS)
        await rm(join(dir, file), { force: true });
    }
  }

  async function write(name: string, samples: Int16Array): Promise<void> {
    await known;
    const body = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    const whole = Buffer.concat([MAGIC, createHash('sha256').update(body).digest(), body]);
    writes += 1;
    const draft = `${path(name)}.${process.pid}.${writes}.tmp`;
    const now = clock.now();
    try {
      await writeFile(draft, whole, { mode: 0o600, flag: 'wx' });
      await utimes(draft, now / 1000, now / 1000);
      await rename(draft, path(name));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    note(name, { bytes: whole.length, madeAt: now, usedAt: now });
    if (bytes > maxBytes) await trim();
  }

  async function trim(): Promise<void> {
    const oldest = Array.from(kept).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    // A tenth more than it must, so that not every write sorts them all.
    for (const [name] of oldest) {
      if (bytes <= maxBytes * 0.9) return;
      await remove(name);
    }
  }

  async function sweep(): Promise<void> {
    await known;
    const limit = clock.now() - maxAgeMs;
    for (const [name, { madeAt }] of [...kept]) if (madeAt < limit) await remove(name);
    if (bytes > maxBytes) await trim();
  }

  async function read(name: string): Promise<Int16Array | null> {
    let whole: Buffer;
    try {
      const found = await stat(path(name));
      if (found.mtimeMs < clock.now() - maxAgeMs) {
        await remove(name);
        return null;
      }
      whole = await readFile(path(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') complain(error);
      return null;
    }
    const samples = opened(whole);
    if (samples) return samples;
    log.warn('clip_cache_entry_broken', { name });
    await remove(name);
    return null;
  }

  /** Notes on disk that it was used, once an hour at the most: the order survives a restart. */
  async function touch(name: string): Promise<void> {
    const entry = kept.get(name);
    const now = clock.now();
    if (!entry || now - entry.usedAt < HOUR_MS) return;
    entry.usedAt = now;
    await utimes(path(name), now / 1000, entry.madeAt / 1000);
  }

  function later(): void {
    timer = clock.after(HOUR_MS, () => {
      void tracked(sweep()).then(() => {
        if (!closed) later();
      });
    });
  }
  later();

  return {
    async get(name) {
      try {
        const samples = await read(name);
        if (samples) void tracked(touch(name));
        return samples;
      } catch (error) {
        complain(error);
        return null;
      }
    },
    put: (name, samples) => tracked(write(name, samples)),
    sweep: () => tracked(sweep()),
    async close() {
      closed = true;
      timer?.cancel();
      await Promise.all(underWay);
    },
  };
}

/** Null when it is not what was written. */
function opened(whole: Buffer): Int16Array | null {
  const body = whole.subarray(HEADER_BYTES);
  if (whole.length < HEADER_BYTES || body.length % 2 !== 0) return null;
  if (!whole.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  if (!createHash('sha256').update(body).digest().equals(whole.subarray(MAGIC.length, HEADER_BYTES))) return null;
  // Copied: a Buffer may begin anywhere, and 16-bit samples may not.
  return new Int16Array(Uint8Array.from(body).buffer);
}
