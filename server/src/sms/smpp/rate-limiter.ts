import type { Clock } from '../../values/clock.ts';

const SECOND = 1_000;
/** A burst is a twentieth of a second's worth: SMSCs count over a second, some over less. */
const BURST_MS = 50;
/** Recovery after throttling: back from half to all in ten seconds. A code lives minutes. */
const RECOVERY_PER_SECOND = 0.05;
const SLOWEST = 1;

/**
 * How many messages a second an SMSC gets: at most what is configured, and less while it says ESME_RTHROTTLED. Additive increase,
 * multiplicative decrease, as TCP does it (RFC 5681 §3.1): halved once for each round of refusals, then recovering steadily.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #configured: number | null;
  #tokens: number;
  #filledAt: number;
  /** While throttled: what may be sent now, and what it grows to. */
  #throttle: { rate: number; ceiling: number; since: number } | null = null;
  #second = 0;
  #sentThisSecond = 0;
  #sentLastSecond = 0;

  /** @param perSecond null: no limit but the SMSC's own. */
  constructor(clock: Clock, perSecond: number | null) {
    this.#clock = clock;
    this.#configured = perSecond;
    this.#filledAt = clock.elapsed();
    this.#tokens = this.#burst();
  }

  /** Messages a second that may be sent now; null: as many as the window takes. */
  get rate(): number | null {
    this.#refill();
    return this.#current();
  }

  /** Whether the SMSC slowed us down, and we have not fully recovered. */
  get throttled(): boolean {
    this.#refill();
    return this.#throttle !== null;
  }

  /** How many may be sent now. */
  get available(): number {
    this.#refill();
    return this.#current() === null ? Number.MAX_SAFE_INTEGER : Math.floor(this.#tokens);
  }

  /** Time until the next may be sent, ms; 0: now. */
  get waitMs(): number {
    const rate = this.#current();
    return rate === null ? 0 : Math.max(0, Math.ceil(((1 - this.#tokens) / rate) * SECOND));
  }

  /** Counts one that is sent. The caller has seen `available` ≥ 1. */
  take(): void {
    this.#count();
    if (this.#current() !== null) this.#tokens -= 1;
  }

  /**
   * The SMSC refused a message for going too fast.
   * @param sentAt when that was sent, on the monotonic clock: those sent before we slowed down say nothing new.
   * @returns the new rate, or null when it stays.
   */
  refused(sentAt: number): number | null {
    this.#refill();
    if (this.#throttle !== null && sentAt <= this.#throttle.since) return null;
    const before = this.#current() ?? Math.max(this.#sentLastSecond, this.#sentThisSecond);
    const ceiling = this.#configured ?? Math.max(this.#throttle?.ceiling ?? 0, before, SLOWEST);
    const rate = Math.max(before / 2, SLOWEST);
    this.#throttle = { rate, ceiling, since: this.#clock.elapsed() };
    this.#tokens = Math.min(this.#tokens, this.#burst());
    return rate;
  }

  #current(): number | null {
    return this.#throttle?.rate ?? this.#configured;
  }

  #refill(): void {
    const now = this.#clock.elapsed();
    const seconds = (now - this.#filledAt) / SECOND;
    this.#filledAt = now;
    const throttle = this.#throttle;
    if (throttle !== null) {
      throttle.rate += throttle.ceiling * RECOVERY_PER_SECOND * seconds;
      if (throttle.rate >= throttle.ceiling) this.#throttle = null;
    }
    this.#tokens = Math.min(this.#burst(), this.#tokens + (this.#current() ?? 0) * seconds);
  }

  #burst(): number {
    const rate = this.#current();
    return rate === null ? 1 : Math.max(1, (rate * BURST_MS) / SECOND);
  }

  /** What an unlimited sender sends, so that there is something to halve. */
  #count(): void {
    const second = Math.floor(this.#clock.elapsed() / SECOND);
    if (second !== this.#second) {
      this.#sentLastSecond = second === this.#second + 1 ? this.#sentThisSecond : 0;
      this.#sentThisSecond = 0;
      this.#second = second;
    }
    this.#sentThisSecond += 1;
  }
}
