import type { Clock, Timer } from '../../values/clock.ts';
import type { SubmitProfile } from './pdu/submit-sm.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Link } from './session/link.ts';
import type { Submission, Submit } from './submission.ts';
import { SubmitQueue } from './submit-queue.ts';

/** Tokens of the rate limit are looked for no more often than this. */
const TOKEN_WAIT_MS = 5;

export interface OutboxDeps {
  readonly links: readonly Link[];
  readonly profile: SubmitProfile;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  /** The rate lets more through again. */
  readonly tokens: () => void;
}

/** Spreads submits over the links that have room, as fast as the rate allows; what is more waits here. */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #queue = new SubmitQueue();
  #timer: Timer | null = null;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** Whether there is a session to submit on. */
  get open(): boolean {
    return this.#deps.links.some((link) => link.bound && link.role !== 'receiver');
  }

  /** How many more submits would leave at once. */
  get free(): number {
    let room = 0;
    for (const link of this.#deps.links) room += link.free;
    return Math.max(0, Math.min(room, this.#deps.limiter.available) - this.#queue.length);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Takes one; it leaves with the next `pump`. */
  add(submit: Submit): void {
    this.#queue.add(submit);
  }

  /** Hands over what waits, as far as windows and rate go. Without a session all of it is given up: another carrier may have one. */
  pump(): void {
    const { profile, limiter, clock } = this.#deps;
    while (this.#queue.length > 0 && limiter.available >= 1) {
      const link = this.#freest();
      if (link === undefined) {
        if (!this.open) this.#queue.drop();
        return;
      }
      const submit = this.#queue.next();
      if (submit === undefined) return;
      limiter.take();
      submit.leave(clock.elapsed());
      link.submit(submit.sm, profile, submit);
    }
    if (limiter.available < 1) this.#awaitToken();
  }

  /** Gives up what waits: of one message, or all of it. */
  drop(of?: Submission): void {
    this.#queue.drop(of);
  }

  close(): void {
    this.#queue.drop();
    this.#timer?.cancel();
  }

  #freest(): Link | undefined {
    let best: Link | undefined;
    let room = 0;
    for (const link of this.#deps.links) {
      const { free } = link;
      if (free <= room) continue;
      best = link;
      room = free;
    }
    return best;
  }

  #awaitToken(): void {
    this.#timer ??= this.#deps.clock.after(Math.max(this.#deps.limiter.waitMs, TOKEN_WAIT_MS), () => {
      this.#timer = null;
      this.pump();
      this.#deps.tokens();
    });
  }
}
