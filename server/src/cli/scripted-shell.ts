import type { Command } from 'commander';
import { openStore } from '../store/open.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { systemRandom } from '../values/random.ts';
import { run } from './run.ts';
import type { Shell } from './shell.ts';

/** What one command line wrote, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** For tests: runs command lines in this process, over a shell whose parts may be exchanged. */
export function scriptedShell(parts: Partial<Shell> = {}) {
  const clock = new ManualClock();
  let out = '';
  let err = '';
  const shell: Shell = {
    out: (text) => {
      out += text;
    },
    outBytes: null,
    err: (text) => {
      err += text;
    },
    input: async () => '',
    env: {},
    fetch: async () => {
      throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    },
    openStore,
    clock,
    random: systemRandom(),
    sleep: async () => {},
    signal: new AbortController().signal,
    ...parts,
  };

  return {
    clock,
    async run(...argv: readonly string[]): Promise<Ran> {
      out = '';
      err = '';
      // No two command lines run at one moment: what they make is in order of time.
      clock.advance(1);
      const code = await run(argv, shell, (program: Command) => void program.command('serve', { isDefault: true }));
      return { code, out, err };
    },
  };
}
