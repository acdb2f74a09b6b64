import type { Clock, Timer } from '../../values/clock.ts';
import type { Counted } from './events.ts';

const PERIOD_MS = 1_000;

/** Adds up events that may come in floods, and passes on one of each kind a second: a hostile SMSC must not fill the log. */
export class Tally {
  readonly #counts = new Map<string, Counted>();
  readonly #clock: Clock;
  readonly #pass: (event: Counted) => void;
  #timer: Timer | null = null;

  constructor(clock: Clock, pass: (event: Counted) => void) {
    this.#clock = clock;
    this.#pass = pass;
  }

  add(event: Counted): void {
    const { count, ...what } = event;
    const key = JSON.stringify(what);
    this.#counts.set(key, { ...event, count: (this.#counts.get(key)?.count ?? 0) + count });
    this.#timer ??= this.#clock.after(PERIOD_MS, () => this.flush());
  }

  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const events = [...this.#counts.values()];
    this.#counts.clear();
    for (const event of events) this.#pass(event);
  }
}
