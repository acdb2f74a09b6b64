import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChildMessage } from './messages.ts';

/** What a speech child runs. */
export interface ChildProgram {
  readonly script: URL;
  readonly args: readonly string[];
  /** What the process may do (`--permission …`), and other options of Node. */
  readonly execArgv: readonly string[];
}

export interface ChildListener {
  heard(message: ChildMessage): void;
  /** The process is gone, or never was; said once, and nothing is heard after it. */
  ended(why: string): void;
}

/** Starts a process of ours that speaks over its channel. It ends when the channel does. */
export function forkChild({ script, args, execArgv }: ChildProgram, listener: ChildListener): ChildProcess {
  const child = fork(fileURLToPath(script), [...args], {
    // Nothing of the service's environment: it holds secrets.
    env: {},
    execArgv: [...execArgv],
    serialization: 'advanced',
    // What engines print may hold what they say.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let over = false;

  function end(why: string): void {
    if (over) return;
    over = true;
    listener.ended(why);
  }

  child.on('message', (message: ChildMessage) => {
    if (!over) listener.heard(message);
  });
  child.once('exit', (code, signal) => end(signal ?? `exit ${code}`));
  // A process that could not be started has no exit.
  child.on('error', (error) => {
    if (child.pid === undefined) end(error.message);
  });
  return child;
}
