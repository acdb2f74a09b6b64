import type { Clock, Timer } from '../../../values/clock.ts';

/** Who waits for the answer to a request. Exactly one of the two is called, once. */
export interface Reply {
  /** The far end answered. @param messageId of a submit_sm_resp with status 0; null where it gave none that can be read. */
  answered(status: number, messageId: string | null): void;
  /** There will be no answer. @param written false: the request never left this machine. */
  lost(written: boolean): void;
}

interface Request {
  readonly command: number;
  readonly reply: Reply;
  /** On the monotonic clock. */
  readonly deadline: number;
  /** The how-manieth request of the session it is. */
  readonly nth: number;
}

/** The highest sequence number (SMPP 3.4 §3.2); the next one is 1. */
const LAST_SEQUENCE = 0x7fffffff;

/** The requests of one session that wait for their answers, oldest first: all have the same time to be answered in. */
export class Window {
  readonly #requests = new Map<number, Request>();
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #onTimeout: (count: number) => void;
  #timer: Timer | null = null;
  #sequence: number;
  #opened = 0;
  #flushed = 0;

  /** @param onTimeout called when requests were given up for want of an answer. */
  constructor(clock: Clock, timeoutMs: number, onTimeout: (count: number) => void, lastSequence = 0) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#onTimeout = onTimeout;
    this.#sequence = lastSequence;
  }

  get size(): number {
    return this.#requests.size;
  }

  /** @returns the sequence number to write the request with. */
  open(command: number, reply: Reply): number {
    do {
      this.#sequence = this.#sequence === LAST_SEQUENCE ? 1 : this.#sequence + 1;
    } while (this.#requests.has(this.#sequence));
    this.#opened += 1;
    const deadline = this.#clock.elapsed() + this.#timeoutMs;
    this.#requests.set(this.#sequence, { command, reply, deadline, nth: this.#opened });
    this.#timer ??= this.#clock.after(this.#timeoutMs, () => this.#expire());
    return this.#sequence;
  }

  /** Everything that was opened so far is on its way. */
  flushed(): void {
    this.#flushed = this.#opened;
  }

  /**
   * Takes the request that an answer is for. @param command its command id; null accepts any (generic_nack).
   * Null when there is none: it was answered before, was given up, never existed, or was of another kind.
   */
  take(sequence: number, command: number | null): Reply | null {
    const request = this.#requests.get(sequence);
    if (request === undefined || (command !== null && request.command !== command)) return null;
    this.#requests.delete(sequence);
    return request.reply;
  }

  /** The session has ended: nobody will answer any more. */
  abandon(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    this.#giveUp(requests);
  }

  #giveUp(requests: readonly Request[]): void {
    for (const { reply, nth } of requests) reply.lost(nth <= this.#flushed);
  }

  // One timer for all of them: it is set for the oldest, and looks again when that is due.
  #expire(): void {
    this.#timer = null;
    const now = this.#clock.elapsed();
    const expired: Request[] = [];
    for (const [sequence, request] of this.#requests) {
      if (request.deadline > now) {
        this.#timer = this.#clock.after(request.deadline - now, () => this.#expire());
        break;
      }
      this.#requests.delete(sequence);
      expired.push(request);
    }
    this.#giveUp(expired);
    if (expired.length > 0) this.#onTimeout(expired.length);
  }
}
