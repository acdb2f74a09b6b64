import type { Submission, Submit } from './submission.ts';

/** Consumed places at the front are cut off when there are this many. */
const CUT = 1_024;

/** Submits that wait for room in a window, first come, first served. */
export class SubmitQueue {
  #waiting: Submit[] = [];
  #head = 0;

  get length(): number {
    return this.#waiting.length - this.#head;
  }

  add(submit: Submit): void {
    this.#waiting.push(submit);
  }

  next(): Submit | undefined {
    const submit = this.#waiting[this.#head];
    if (submit === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#waiting.length || this.#head === CUT) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    return submit;
  }

  /** Gives up what waits: of one message, or all of it. */
  drop(of?: Submission): void {
    const waiting = this.#waiting.slice(this.#head);
    this.#head = 0;
    this.#waiting = of === undefined ? [] : waiting.filter((submit) => submit.submission !== of);
    for (const submit of waiting) if (of === undefined || submit.submission === of) submit.dropped();
  }
}
