import { describe, expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { groupCommit } from './group-commit.ts';

/** A save that waits until it is told to go on, and notes every batch. */
function gate() {
  const batches: number[][] = [];
  const open: (() => void)[] = [];
  const save = (batch: readonly number[]) => {
    batches.push([...batch]);
    return new Promise<number[]>((resolve) => open.push(() => resolve(batch.map((n) => n * 10))));
  };
  return { batches, save, release: () => open.shift()?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('groupCommit', () => {
  it('takes what arrives during a commit together into the next', async () => {
    const { batches, save, release } = gate();
    const lane = groupCommit(save);
    const first = lane.add(1);
    await turn();
    const rest = [lane.add(2), lane.add(3), lane.add(4)];
    await turn();
    expect(batches).toEqual([[1]]);
    release();
    expect(await first).toBe(10);
    await turn();
    expect(batches).toEqual([[1], [2, 3, 4]]);
    expect(lane.waiting).toBe(3);
    release();
    expect(await Promise.all(rest)).toEqual([20, 30, 40]);
  });

  it('answers nobody before the commit is back', async () => {
    const { save, release } = gate();
    const lane = groupCommit(save);
    let answered = false;
    const one = lane.add(1).then(() => {
      answered = true;
    });
    await turn();
    await turn();
    expect(answered).toBe(false);
    release();
    await one;
    expect(answered).toBe(true);
  });

  it('sends an eager batch on its way at once, beside one other commit and no more', async () => {
    const { batches, save, release } = gate();
    const lane = groupCommit(save, { eagerAt: 2 });
    const all = [1, 2, 3, 4, 5, 6].map((n) => lane.add(n));
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
    await turn();
    expect(batches).toHaveLength(2);
    release();
    await turn();
    expect(batches[2]).toEqual([5, 6]);
    release();
    release();
    expect(await Promise.all(all)).toEqual([10, 20, 30, 40, 50, 60]);
    await lane.drain();
  });

  it('never exceeds the largest batch', async () => {
    const sizes: number[] = [];
    const lane = groupCommit(
      async (batch: readonly number[]) => {
        sizes.push(batch.length);
        return batch;
      },
      { maxBatch: 10 },
    );
    await Promise.all(Array.from({ length: 25 }, (_, i) => lane.add(i)));
    expect(sizes).toEqual([10, 10, 5]);
  });

  it('halves a failed batch until the item at fault stands alone', async () => {
    const saved: number[] = [];
    const lane = groupCommit(async (batch: readonly number[]) => {
      if (batch.includes(13)) throw new Error('a row that no database takes');
      saved.push(...batch);
      return batch;
    });
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => lane.add(i)));
    expect(results.flatMap((r, i) => (r.status === 'rejected' ? [i] : []))).toEqual([13]);
    expect(saved).toHaveLength(19);
    expect(new Set(saved).size).toBe(19);
  });

  it('rejects everyone at once when the store is unreachable', async () => {
    let saves = 0;
    const lane = groupCommit(async () => {
      saves++;
      throw new PassbellError('unavailable', { reason: 'store' });
    });
    const results = await Promise.allSettled([lane.add(1), lane.add(2), lane.add(3)]);
    expect(results.every((r) => r.status === 'rejected')).toBe(true);
    expect(saves).toBe(1);
  });

  it('drains to the last item, also those added meanwhile', async () => {
    const { save, release } = gate();
    const lane = groupCommit(save);
    lane.add(1);
    await turn();
    const late = lane.add(2);
    const drained = lane.drain();
    release();
    await turn();
    release();
    await drained;
    expect(await late).toBe(20);
    expect(lane.waiting).toBe(0);
    await lane.drain();
  });
});
