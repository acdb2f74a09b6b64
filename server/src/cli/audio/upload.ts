import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { audioJson } from '../../dialects/native/audio-json.ts';
import { type Fault, isError } from '../../errors.ts';
import type { AudioEntry } from '../../store/tables/audio.ts';
import type { AudioDesk } from '../../voice/audio-desk.ts';
import { answer } from '../answer.ts';
import { CommandError } from '../command-error.ts';
import { findAccount } from '../find-account.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { deskOf } from './desk.ts';
import { audioTable } from './list.ts';
import { planUpload, type Upload } from './plan-upload.ts';

interface Options extends StoreOptions {
  readonly account?: string;
  readonly path: string;
}

export function registerAudioUpload(parent: Command, shell: Shell): void {
  const command = parent
    .command('upload')
    .description('put WAV files into the audio store, in place of what stands there')
    .argument('<file|folder...>', 'files, and folders with all that is below them')
    .option('--path <path>', 'where to: a folder, or for one file its new name, ending in .wav', '/')
    .option('--account <login|id>', 'whose; not needed while there is only one account');
  storeFlags(command).action((given: readonly string[], options: Options) =>
    withStore(shell, options, async ({ store }) => {
      const uploads = planUpload(given, options.path);
      const account = await findAccount(store.accounts, options.account);
      const desk = deskOf(store, shell);
      const done: AudioEntry[] = [];
      const faults: Fault[] = [];
      for (const upload of uploads) {
        const entry = await put(desk, account.id, upload);
        if ('path' in entry) done.push(entry);
        else faults.push(entry);
      }
      answer(shell, options, { data: done.map(audioJson) }, done.length === 0 ? '' : audioTable(done));
      if (faults.length > 0) throw notTaken(faults, uploads.length);
    }),
  );
}

/** The other files are taken all the same. */
async function put(desk: AudioDesk, accountId: string, { file, path }: Upload): Promise<AudioEntry | Fault> {
  try {
    return await desk.put(accountId, path, await readFile(file));
  } catch (error) {
    if (isError(error, 'invalid_request')) return { field: file, message: error.detail.faults[0]?.message ?? '' };
    if (isError(error, 'conflict')) return { field: file, message: 'The account has as many files as it may.' };
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof Error && 'syscall' in error) return { field: file, message: `It cannot be read (${code}).` };
    throw error;
  }
}

function notTaken(faults: readonly Fault[], of: number): CommandError {
  const [first] = faults;
  const message =
    faults.length === 1 && first
      ? `${first.field} was not taken. ${first.message}`
      : `${faults.length} of ${of} files were not taken:`;
  return new CommandError('not_taken', message, faults);
}
