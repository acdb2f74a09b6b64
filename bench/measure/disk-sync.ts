import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from './statistics.ts';

const SYNCS = 50;

/**
 * How long the disk takes to make a small append durable, ms: the median of some. A service that commits before it answers cannot
 * be faster than that, and on a shared or virtual disk it changes from minute to minute.
 */
export async function diskSyncMs(dir: string): Promise<number> {
  await using file = await open(join(dir, 'sync-probe'), 'w');
  const page = Buffer.alloc(4096, 1);
  const times: number[] = [];
  for (let i = 0; i < SYNCS; i++) {
    const started = performance.now();
    await file.write(page);
    await file.datasync();
    times.push(performance.now() - started);
  }
  return median(times);
}
