import type { Clock, Timer } from './clock.ts';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
}

/** A clock that moves only when told to; due timers run in order of time, then of registration. */
export class ManualClock implements Clock {
  #now: number;
  #order = 0;
  #pending = new Set<Pending>();

  constructor(start = Date.UTC(2026, 0, 31, 10, 0, 0)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): Timer {
    const entry: Pending = { at: this.#now + ms, order: this.#order++, call };
    this.#pending.add(entry);
    return { cancel: () => this.#pending.delete(entry) };
  }

  /** Moves time forward by `ms`, running every timer that falls due on the way. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#earliest(end); next !== undefined; next = this.#earliest(end)) {
      this.#pending.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.call();
    }
    this.#now = end;
  }

  /** Moves time without running what falls due, as a stopped process sees it. */
  leap(ms: number): void {
    this.#now += ms;
  }

  #earliest(until: number): Pending | undefined {
    let first: Pending | undefined;
    for (const entry of this.#pending) {
      if (entry.at > until) continue;
      if (first === undefined || entry.at < first.at || (entry.at === first.at && entry.order < first.order))
        first = entry;
    }
    return first;
  }
}
