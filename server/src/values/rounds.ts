import type { Clock, Timer } from './clock.ts';

/** Work that is done again and again, a wait after each round. */
export interface Rounds {
  /** Begins the first round at once. */
  start(): void;
  /** None begins any more; one that is under way ends by itself. */
  stop(): void;
}

/** @param round resolves to how long to wait before the next, ms; must not reject */
export function rounds(clock: Pick<Clock, 'after'>, round: () => Promise<number>): Rounds {
  let timer: Timer | undefined;
  let stopped = false;

  async function go(): Promise<void> {
    const waitMs = await round();
    if (!stopped) timer = clock.after(waitMs, go);
  }

  return {
    start: () => void go(),
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
