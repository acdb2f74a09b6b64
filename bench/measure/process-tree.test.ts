import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { othersCpu, parentOf, usage } from './process-tree.ts';

describe('a tree of processes', () => {
  // A shell that says when it has started its own child, then waits for it.
  const shell = spawn('sh', ['-c', 'sleep 600 & echo $!; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let grandchild = 0;
  beforeAll(async () => {
    const [line] = await once(shell.stdout, 'data');
    grandchild = Number(String(line));
  });
  afterAll(() => {
    process.kill(grandchild);
    shell.kill();
  });

  it('counts what descends from a process as a part of it', async () => {
    const [own, both, alone] = await Promise.all([usage([process.pid]), usage([shell.pid ?? 0]), usage([grandchild])]);
    expect(alone.rssMb).toBeGreaterThan(0);
    expect(both.rssMb).toBeGreaterThan(alone.rssMb);
    expect(own.rssMb).toBeGreaterThan(both.rssMb);
    expect(own.cpuSeconds).toBeGreaterThan(both.cpuSeconds);
  });

  it('counts each process once, and one that is gone as nothing', async () => {
    expect(await usage([2 ** 30])).toEqual({ cpuSeconds: 0, rssMb: 0 });
    const [once_, twice] = await Promise.all([usage([grandchild]), usage([grandchild, grandchild])]);
    expect(twice.rssMb).toBe(once_.rssMb);
  });

  it('knows the parent', async () => {
    expect(await parentOf(grandchild)).toBe(shell.pid);
    await expect(parentOf(2 ** 30)).rejects.toThrow('No process');
  });

  it('tells what the rest of the machine used from what it could have given', async () => {
    const { others, possible } = await othersCpu(process.pid);
    expect(others).toBeGreaterThan(0);
    expect(possible).toBeGreaterThan(others);
  });
});
