import { expect, it } from 'vitest';
import { ManualClock } from '../values/manual-clock.ts';
import { revisionWatch } from './revision-watch.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function watched() {
  const clock = new ManualClock();
  const engine = { revision: 1, reachable: true };
  const watch = revisionWatch(
    { revision: () => (engine.reachable ? Promise.resolve(engine.revision) : Promise.reject(new Error('gone'))) },
    clock,
  );
  let changes = 0;
  watch.onChange(() => {
    changes += 1;
  });
  await watch.start();
  return { clock, engine, watch, changes: () => changes };
}

it('tells of a change within a second, once', async () => {
  const { clock, engine, watch, changes } = await watched();
  const before = changes();
  engine.revision = 2;
  for (let ms = 0; ms < 1_000; ms += 100) {
    clock.advance(100);
    await settled();
  }
  expect(changes()).toBe(before + 1);
  watch.stop();
});

it('is not trusted once the store has been silent for a second, and again when it answers', async () => {
  const { clock, engine, watch } = await watched();
  expect(watch.trusted()).toBe(true);
  engine.reachable = false;
  for (let i = 0; i < 4; i++) {
    clock.advance(300);
    await settled();
  }
  expect(watch.trusted()).toBe(false);
  engine.reachable = true;
  clock.advance(300);
  await settled();
  expect(watch.trusted()).toBe(true);
  watch.stop();
});
