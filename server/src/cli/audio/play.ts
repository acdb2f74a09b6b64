import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { answer } from '../answer.ts';
import { CommandError } from '../command-error.ts';
import { findAccount } from '../find-account.ts';
import { faulty } from '../readings.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { deskOf, storedPath } from './desk.ts';

interface Options extends StoreOptions {
  readonly account?: string;
  readonly out?: string;
}

export function registerAudioPlay(parent: Command, shell: Shell): void {
  const command = parent
    .command('play')
    .description('write a file out as callees hear it, to a program that plays it or to a file')
    .argument('<path>', 'of the file, as in /prompts/intro.wav')
    .option('--out <file>', 'where to; otherwise to standard output')
    .option('--account <login|id>', 'whose; not needed while there is only one account');
  storeFlags(command).action((path: string, options: Options) =>
    withStore(shell, options, async ({ store }) => {
      const { out, json } = options;
      const { outBytes } = shell;
      if (out === undefined && (json || outBytes === null)) throw faulty([{ field: '--out', message: NO_PLACE }]);
      const account = await findAccount(store.accounts, options.account);
      const desk = deskOf(store, shell);
      const stored = await storedPath(desk, account.id, path);
      const wav = await desk.wav(account.id, stored);
      if (out === undefined) return outBytes?.(wav);
      await write(out, wav);
      answer(shell, options, { path: stored, out, bytes: wav.length }, `${stored} is in ${out}.\n`);
    }),
  );
}

const NO_PLACE = 'name a file, or pipe the sound into a program that plays it, as in `passbell audio play … | aplay`';

async function write(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError('not_taken', `${file} cannot be written (${code}).`);
  }
}
