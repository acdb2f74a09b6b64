import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineThread, startThread } from './engine-thread.ts';

/** Keeps a thread busy for some 100 ms: what is asked meanwhile waits together. */
const SLOW =
  'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000) SELECT count(*) AS count FROM n';

describe('the threads of the embedded store', () => {
  let dataDir: string;
  let writer: EngineThread;
  let reader: EngineThread;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'passbell-thread-'));
    const data = { file: join(dataDir, 'passbell.db'), now: 0, serving: false };
    writer = await startThread({ ...data, role: 'writer' });
    reader = await startThread({ ...data, role: 'reader' });
  });
  afterEach(async () => {
    await reader.close();
    await writer.close();
    await rm(dataDir, { recursive: true });
  });

  it('answer reads that waited behind a slow one, without keeping the writer from its lock', async () => {
    const slow = reader.call('query', SLOW, []);
    const behind = Array.from({ length: 20 }, (_, i) => reader.call('query', 'SELECT ? AS i', [i]));
    const write = writer.call('query', 'INSERT INTO nodes (node, alive_until) VALUES (?, ?)', ['a', 1]);
    expect((await Promise.all(behind)).map(({ rows }) => rows[0]?.['i'])).toEqual(behind.map((_, i) => i));
    expect(await write).toMatchObject({ changes: 1 });
    expect((await slow).rows).toEqual([{ count: 500_000 }]);
  });

  it('let a reader change nothing', async () => {
    await expect(reader.call('query', "DELETE FROM nodes WHERE node = 'a'", [])).rejects.toThrow();
  });

  it('fail what was asked when they end, and what is asked later', async () => {
    const slow = reader.call('query', SLOW, []);
    const closed = reader.close();
    await slow;
    await closed;
    await expect(reader.call('query', 'SELECT 1', [])).rejects.toMatchObject({ code: 'unavailable' });
    expect(reader.waiting).toBe(0);
  });
});
