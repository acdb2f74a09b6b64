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
  /** Milliseconds from some fixed point that no clock adjustment moves: for leases and time-outs. */
  elapsed(): number;
  /** Runs `call` once after `ms` milliseconds. Never keeps the process alive by itself. */
  after(ms: number, call: () => void): Timer;
}

export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  after(ms, call) {
    const handle = setTimeout(call, ms);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};
