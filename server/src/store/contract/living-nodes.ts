import { afterEach } from 'vitest';
import type { useRig } from './rig.ts';
import { NOW, newId } from './samples.ts';

const HOUR_MS = 3_600_000;

/** Makes nodes whose lease holds until the test ends. What they leave behind goes to a node that lives on: no other test meets it. */
export function livingNodes(rig: ReturnType<typeof useRig>): () => Promise<string> {
  const nodes: string[] = [];

  async function living(): Promise<string> {
    const node = newId();
    await rig.store.nodes.beat(node, 1000 * HOUR_MS);
    return node;
  }

  afterEach(async () => {
    const janitor = await living();
    for (const node of nodes.splice(0)) await rig.store.nodes.leave(node);
    while ((await rig.store.claim(janitor, 1000)).length > 0);
    while ((await rig.store.callbacks.claim(janitor, NOW + 100 * HOUR_MS, 1000)).length > 0);
  });

  return async () => {
    const node = await living();
    nodes.push(node);
    return node;
  };
}
