import type { Command } from 'commander';
import { isUplinkName, UPLINK_NAME_RULE } from '../../delivery/uplink-name.ts';
import type { UplinkKind } from '../../store/tables/uplinks.ts';
import { answer } from '../answer.ts';
import { CommandError } from '../command-error.ts';
import { faulty } from '../readings.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { uplinkChange } from './change.ts';
import { uplinkFlags } from './fields.ts';
import { titled, uplinkCard } from './show.ts';
import type { Uplink, UplinkOptions } from './uplink.ts';

export function registerUplinkAdd<Kind extends UplinkKind, C>(
  parent: Command,
  shell: Shell,
  uplink: Uplink<Kind, C>,
): void {
  const { type, rows, needsPassword } = uplink;
  const { noun, kind, stored } = type;
  const command = parent
    .command('add')
    .description(uplink.help.add)
    .argument('<name>', 'what to call it: small letters, digits, - and _');
  storeFlags(uplinkFlags(command, uplink)).action((name: string, options: StoreOptions & UplinkOptions) =>
    withStore(shell, options, async ({ store, vault }) => {
      if (!isUplinkName(name)) throw faulty([{ field: 'name', message: `write ${UPLINK_NAME_RULE}` }]);
      if ((await stored(store).get(name)) !== null) {
        const message = `There is a ${noun} '${name}' already. Change it with \`passbell ${noun} set\`.`;
        throw new CommandError('conflict', message);
      }
      const config = await uplinkChange(shell, uplink, {}, options);
      if (needsPassword && config['password'] === undefined) {
        throw faulty([{ field: '--password-stdin', message: NO_PASSWORD }]);
      }
      const keys = await vault();
      const row = rows.row(keys, name, { kind, ...config }, null, shell.clock.now());
      await stored(store).put(row);
      const document = rows.json(keys, row);
      const next = `${titled(noun)} ${name} is set up. \`passbell ${noun} check ${name}\` tries it.\n\n`;
      answer(shell, options, document, next + uplinkCard(uplink, document));
    }),
  );
}

const NO_PASSWORD =
  "a password is needed: pipe it in, or name a variable that holds it with --password-env (an empty one: --password '')";
