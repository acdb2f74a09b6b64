import type { Clock } from '../values/clock.ts';
import type { HandsetMessage } from './message.ts';

/** One reader that waits for a message; rung by those that land on this node. */
export interface Bell {
  /** The first message that rang the bell; null when none did. */
  first(): HandsetMessage | null;
  ring(message: HandsetMessage): void;
  /** Resolves when it rings, after `ms`, or when `signal` is aborted; at once when it rang since the last rest. */
  rest(ms: number, signal: AbortSignal): Promise<void>;
}

export function bell(clock: Clock): Bell {
  let first: HandsetMessage | null = null;
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
    ring(message) {
      first ??= message;
      rung = true;
      wake();
    },
    async rest(ms, signal) {
      if (!rung && !signal.aborted) await sleep(ms, signal);
      rung = false;
    },
  };
}
