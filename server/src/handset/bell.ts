import type { Clock } from '../values/clock.ts';

/** One reader that waits for something; rung by what lands on this node. */
export interface Bell<Item> {
  /** The first one that rang the bell; null when none did. */
  first(): Item | null;
  ring(item: Item): void;
  /** Resolves when it rings, after `ms`, or when `signal` is aborted; at once when it rang since the last rest. */
  rest(ms: number, signal: AbortSignal): Promise<void>;
}

export function bell<Item>(clock: Clock): Bell<Item> {
  let first: Item | null = null;
  let rung = false;
  let wake = () => {};

  async function sleep(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    const timer = clock.after(ms, resolve);
    signal.addEventListener('abort', wake);
    await promise;
    timer.cancel();
    // One signal outlives hundreds of rests: listeners left behind would pile up.
    signal.removeEventListener('abort', wake);
  }

  return {
    first: () => first,
    ring(item) {
      first ??= item;
      rung = true;
      wake();
    },
    async rest(ms, signal) {
      if (!rung && !signal.aborted) await sleep(ms, signal);
      rung = false;
    },
  };
}
