/** First in, first out, without moving the rest at every take. */
export class JobQueue<J> {
  #jobs: (J | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#jobs.length - this.#head;
  }

  push(job: J): void {
    this.#jobs.push(job);
  }

  peek(): J | undefined {
    return this.#jobs[this.#head];
  }

  take(): J | undefined {
    const job = this.#jobs[this.#head];
    if (job === undefined) return undefined;
    this.#jobs[this.#head++] = undefined;
    // Give the taken half back once it is the larger one: each job is moved at most once on average.
    if (this.#head > 1024 && this.#head * 2 > this.#jobs.length) {
      this.#jobs = this.#jobs.slice(this.#head);
      this.#head = 0;
    }
    return job;
  }

  /** Takes out every job that `gone` says yes to, in order. */
  removeWhere(gone: (job: J) => boolean): J[] {
    const removed: J[] = [];
    const kept: J[] = [];
    for (let i = this.#head; i < this.#jobs.length; i++) {
      const job = this.#jobs[i];
      if (job !== undefined) (gone(job) ? removed : kept).push(job);
    }
    this.#jobs = kept;
    this.#head = 0;
    return removed;
  }
}
