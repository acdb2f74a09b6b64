import type { Command } from 'commander';
import type { UplinkKind } from '../../store/tables/uplinks.ts';
import { answer } from '../answer.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { findUplink } from './find.ts';
import { titled } from './show.ts';
import type { Uplink } from './uplink.ts';

export function registerUplinkRemove<Kind extends UplinkKind, C>(
  parent: Command,
  shell: Shell,
  uplink: Uplink<Kind, C>,
): void {
  const { noun, stored } = uplink.type;
  const command = parent.command('remove').description(uplink.help.remove).argument('<name>', `of the ${noun}`);
  storeFlags(command).action((name: string, options: StoreOptions) =>
    withStore(shell, options, async ({ store }) => {
      await findUplink(uplink, store, name);
      await stored(store).delete(name);
      answer(shell, options, { name, removed: true }, `${titled(noun)} ${name} is removed.\n`);
    }),
  );
}
