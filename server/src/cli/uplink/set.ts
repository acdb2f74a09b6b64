import { type Command, Option } from 'commander';
import type { UplinkKind } from '../../store/tables/uplinks.ts';
import { answer } from '../answer.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { uplinkChange } from './change.ts';
import { uplinkFlags } from './fields.ts';
import { fieldsOf, findUplink } from './find.ts';
import { uplinkCard } from './show.ts';
import type { Uplink, UplinkOptions } from './uplink.ts';

interface Options extends StoreOptions {
  readonly enable?: true;
  readonly disable?: true;
}

export function registerUplinkSet<Kind extends UplinkKind, C>(
  parent: Command,
  shell: Shell,
  uplink: Uplink<Kind, C>,
): void {
  const { type, rows, help } = uplink;
  const command = parent
    .command('set')
    .description(help.set)
    .argument('<name>', `of the ${type.noun}`)
    .addOption(new Option('--disable', help.disable).conflicts('enable'))
    .option('--enable', 'use it again')
    .option('--unset <settings>', `put settings back to their defaults, as in ${help.unset}`);
  storeFlags(uplinkFlags(command, uplink)).action((name: string, options: Options & UplinkOptions) =>
    withStore(shell, options, async ({ store, vault }) => {
      const earlier = await findUplink(uplink, store, name);
      const keys = await vault();
      const { kind, priority, enabled } = earlier;
      // Without its password, which the row keeps by itself, for as long as there is a user that it belongs to.
      const { password: _, ...before } = fieldsOf(uplink, keys, earlier);
      const config = await uplinkChange(shell, uplink, { ...before, priority }, options);
      const body = { ...config, kind, enabled: options.enable ? true : options.disable ? false : enabled };
      const row = rows.row(keys, name, body, earlier, shell.clock.now());
      await type.stored(store).put(row);
      const document = rows.json(keys, row);
      answer(shell, options, document, `Changed.\n\n${uplinkCard(uplink, document)}`);
    }),
  );
}
