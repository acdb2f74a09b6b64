import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

/** Where the service runs, alone, and where all else does: its database server, the load generator, the bench. */
export const SERVICE_CORE = 0;
const OTHER_CORE = 1;

/** The command as one that may use one processor only, with all its threads and children. */
export function onCore(core: number, command: readonly string[]): readonly string[] {
  return ['taskset', '-c', `${core}`, ...command];
}

/** Leaves the service's processor to the service: moves this process, and all that it starts from now on, to another one until disposal. */
export async function keepOffServiceCore(): Promise<AsyncDisposable> {
  if (availableParallelism() < 2) throw new Error('Checks take two processors: one is the service’s alone.');
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
  await moveTo(`${OTHER_CORE}`);
  return { [Symbol.asyncDispose]: () => moveTo(allowed ?? `${SERVICE_CORE},${OTHER_CORE}`) };
}

async function moveTo(cores: string): Promise<void> {
  await promisify(execFile)('taskset', ['-a', '-c', '-p', cores, `${process.pid}`]);
}
