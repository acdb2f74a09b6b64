import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that runs for a test. It ends with the process that started it, kill -9 included. */
export interface PeerProcess {
  readonly pid: number;
  /** What it wrote to both its outputs, the last megabyte of it: what to read when a test fails. */
  output(): string;
  /** Resolves once `wanted` is true of the output; rejects with the output when the program ends before. */
  said(wanted: (output: string) => boolean): Promise<void>;
  /** Rejects, with the output, when the program ends without `end`. For races. */
  readonly endedEarly: Promise<never>;
  /** Resolves to its exit code; null after a signal. */
  readonly exit: Promise<number | null>;
  /** Asks it to end by `signal`; after 5 s, makes it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

const KEPT_CHARACTERS = 1_000_000;
const PATIENCE_MS = 5_000;

export function startProcess(program: string, args: readonly string[], { cwd }: { cwd?: string } = {}): PeerProcess {
  // setpriv becomes the program, under the same pid.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let output = '';
  let asked = false;
  const watchers = new Set<() => void>();
  const hear = (text: string) => {
    output = (output + text).slice(-KEPT_CHARACTERS);
    for (const watch of watchers) watch();
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const endedEarly = exit.then((code): Promise<never> => {
    if (asked) return new Promise<never>(() => {});
    throw new Error(`${program} ended by itself (${code}):\n${output.slice(-4_000)}`);
  });
  endedEarly.catch(() => {}); // it is told to those who race with it
  return {
    pid: child.pid ?? 0,
    output: () => output,
    async said(wanted) {
      let watch = () => {};
      const heard = new Promise<void>((resolve) => {
        watch = () => {
          if (wanted(output)) resolve();
        };
        watchers.add(watch);
        watch();
      });
      await Promise.race([heard, endedEarly]).finally(() => watchers.delete(watch));
    },
    endedEarly,
    exit,
    async end(signal = 'SIGTERM') {
      asked = true;
      child.kill(signal);
      const impatient = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      const code = await exit;
      clearTimeout(impatient);
      return code;
    },
  };
}
