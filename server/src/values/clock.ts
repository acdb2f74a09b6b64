/** A scheduled call that can be taken back. Cancelling twice, or after it ran, does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * Time, as an argument: nothing in the service reads the wall clock by itself, so tests move time instead of sleeping.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `call` once after `ms` milliseconds. Never keeps the process alive by itself. */
  after(ms: number, call: () => void): Timer;
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, call) {
    const handle = setTimeout(call, ms);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};
