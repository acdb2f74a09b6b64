import { faulty } from './readings.ts';
import type { Shell } from './shell.ts';

/** A secret from standard input, without the line's end that `echo` and editors add. `what` names it in the fault. */
export async function readSecret(shell: Shell, what: string): Promise<string> {
  const text = (await shell.input()).replace(/\r?\n$/, '');
  if (text !== '') return text;
  throw faulty([
    { field: `--${what}-stdin`, message: `nothing came on standard input: pipe the ${what} into the command` },
  ]);
}
