import type { Command } from 'commander';
import { answer } from '../answer.ts';
import { findAccount } from '../find-account.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { deskOf, storedPath } from './desk.ts';

export function registerAudioRemove(parent: Command, shell: Shell): void {
  const command = parent
    .command('remove')
    .description('delete a file; calls that name it are refused from then on')
    .argument('<path>', 'of the file, as in /prompts/intro.wav')
    .option('--account <login|id>', 'whose; not needed while there is only one account');
  storeFlags(command).action((given: string, options: StoreOptions & { readonly account?: string }) =>
    withStore(shell, options, async ({ store }) => {
      const account = await findAccount(store.accounts, options.account);
      const desk = deskOf(store, shell);
      const path = await storedPath(desk, account.id, given);
      await desk.delete(account.id, path);
      answer(shell, options, { path, removed: true }, `${path} is removed.\n`);
    }),
  );
}
