import { type ChildProcess, fork, type SpawnOptions, spawn } from 'node:child_process';

/** How long a process may take to end after SIGTERM before it is killed, ms. */
const GRACE = 5_000;

/** Every process that a run starts, so that none outlives it, whatever goes wrong. */
export class Processes {
  readonly #running = new Set<ChildProcess>();
  #stopped = false;

  /** No more are started: the bench was interrupted. */
  get stopped(): boolean {
    return this.#stopped;
  }

  constructor() {
    process.once('exit', () => this.killAll());
  }

  spawn(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return this.#watch(() => spawn(command, [...args], options));
  }

  fork(program: string, args: readonly string[]): ChildProcess {
    return this.#watch(() => fork(program, [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  }

  /** Resolves when it is gone: asked first, killed when it does not listen. */
  async end(child: ChildProcess): Promise<void> {
    if (!this.#running.has(child)) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), GRACE);
    await gone;
    clearTimeout(impatience);
  }

  /** Kills what runs, by its handle, and refuses to start more: whoever waits for one of them fails, and unwinds. */
  killAll(): void {
    this.#stopped = true;
    for (const child of this.#running) child.kill('SIGKILL');
  }

  #watch(start: () => ChildProcess): ChildProcess {
    if (this.#stopped) throw new Error('Stopped.');
    const child = start();
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    child.once('error', () => this.#running.delete(child));
    return child;
  }
}
