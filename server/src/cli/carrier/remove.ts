import type { Command } from 'commander';
import { answer } from '../answer.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { findCarrier } from './find.ts';

export function registerCarrierRemove(parent: Command, shell: Shell): void {
  const command = parent
    .command('remove')
    .description('forget a carrier; a running server lets it finish what it has, and unbinds')
    .argument('<name>', 'of the carrier');
  storeFlags(command).action((name: string, options: StoreOptions) =>
    withStore(shell, options, async ({ store }) => {
      await findCarrier(store.carriers, name);
      await store.carriers.delete(name);
      answer(shell, options, { name, removed: true }, `Carrier ${name} is removed.\n`);
    }),
  );
}
