import type { PartResult } from '../carrier.ts';
import { STATUS, submitRetry } from './pdu/status.ts';
import type { SubmitSm } from './pdu/submit-sm.ts';
import { canonicalId } from './receipt/message-id.ts';
import type { Reply } from './session/window.ts';

const NOT_SENT: PartResult = { outcome: 'not_sent' };
const UNKNOWN: PartResult = { outcome: 'unknown' };

/** One message at the carrier: gathers what becomes of its parts. */
export class Submission {
  readonly #results: PartResult[];
  readonly #done: (results: readonly PartResult[]) => void;
  #open: number;

  /**
   * @param parts of the message.
   * @param submits how many submit_sm they go in: as many, or one.
   * @param done called once, with a result for each part.
   */
  constructor(parts: number, submits: number, done: (results: readonly PartResult[]) => void) {
    this.#results = new Array<PartResult>(parts).fill(NOT_SENT);
    this.#open = submits;
    this.#done = done;
  }

  get open(): boolean {
    return this.#open > 0;
  }

  /** @param part its place; null: the answer is for all of them. */
  settle(part: number | null, result: PartResult): void {
    if (part === null) this.#results.fill(result);
    else this.#results[part] = result;
    this.#open -= 1;
    if (this.#open === 0) this.#done(this.#results);
  }
}

/** Told where every submit is. */
export interface SubmitWatch {
  /** It was handed to a session. */
  left(): void;
  /** There is a result. @param throttledSince when one that was throttled had left, on the monotonic clock; null: it was not. */
  over(throttledSince: number | null): void;
}

/** One submit_sm of a message, from the queue to its answer. */
export class Submit implements Reply {
  readonly sm: SubmitSm;
  readonly submission: Submission;
  readonly #part: number | null;
  readonly #watch: SubmitWatch;
  #leftAt = 0;

  constructor(sm: SubmitSm, submission: Submission, part: number | null, watch: SubmitWatch) {
    this.sm = sm;
    this.submission = submission;
    this.#part = part;
    this.#watch = watch;
  }

  /** It goes to a session now. @param at on the monotonic clock. */
  leave(at: number): void {
    this.#leftAt = at;
    this.#watch.left();
  }

  answered(status: number, messageId: string | null): void {
    this.submission.settle(this.#part, result(status, messageId));
    this.#watch.over(status === STATUS.ESME_RTHROTTLED ? this.#leftAt : null);
  }

  lost(written: boolean): void {
    this.submission.settle(this.#part, written ? UNKNOWN : NOT_SENT);
    this.#watch.over(null);
  }

  /** It never went to a session. */
  dropped(): void {
    this.submission.settle(this.#part, NOT_SENT);
  }
}

function result(status: number, messageId: string | null): PartResult {
  if (status === STATUS.ESME_ROK)
    return { outcome: 'accepted', messageId: messageId === null ? null : canonicalId(messageId) };
  return { outcome: 'refused', code: status, retry: submitRetry(status) };
}
