import type { CallName, Calls } from './calls.ts';
import type { EngineThread } from './engine-thread.ts';

type Call = EngineThread['call'];

/**
 * The one road to the writing connection. Calls run in the order they were made; while a transaction of several calls is open,
 * everyone else's calls wait at its end, so that none of them lands inside it.
 */
export class Lane {
  readonly #thread: EngineThread;
  readonly #waiting: (() => void)[] = [];
  #held = false;

  constructor(thread: EngineThread) {
    this.#thread = thread;
  }

  async call<N extends CallName>(name: N, ...args: Parameters<Calls[N]>): Promise<ReturnType<Calls[N]>> {
    while (this.#held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#thread.call(name, ...args);
  }

  /** Keeps the lane for one caller, who calls through `call` until `release`. */
  async hold(): Promise<{ call: Call; release: () => void }> {
    while (this.#held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#held = true;
    const release = () => {
      this.#held = false;
      for (const resume of this.#waiting.splice(0)) resume();
    };
    return { call: (name, ...args) => this.#thread.call(name, ...args), release };
  }
}
