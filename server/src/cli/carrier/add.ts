import type { Command } from 'commander';
import { carrierJson, carrierRow } from '../../admin/carrier-row.ts';
import { CARRIER_NAME_RULE, isCarrierName } from '../../sms/carrier-name.ts';
import { answer } from '../answer.ts';
import { CommandError } from '../command-error.ts';
import { faulty } from '../readings.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { type CarrierOptions, carrierChange } from './change.ts';
import { carrierFlags } from './fields.ts';
import { carrierCard } from './show.ts';

export function registerCarrierAdd(parent: Command, shell: Shell): void {
  const command = parent
    .command('add')
    .description('set up an SMS carrier over SMPP; a running server binds to it within a second')
    .argument('<name>', 'what to call it: small letters, digits, - and _');
  storeFlags(carrierFlags(command)).action((name: string, options: StoreOptions & CarrierOptions) =>
    withStore(shell, options, async ({ store, vault }) => {
      if (!isCarrierName(name)) {
        throw faulty([{ field: 'name', message: `write ${CARRIER_NAME_RULE}` }]);
      }
      if ((await store.carriers.get(name)) !== null) {
        throw new CommandError(
          'conflict',
          `There is a carrier '${name}' already. Change it with \`passbell carrier set\`.`,
        );
      }
      const { clock } = shell;
      const config = await carrierChange(shell, {}, options);
      if (config['password'] === undefined) throw faulty([{ field: '--password-stdin', message: NO_PASSWORD }]);
      const keys = await vault();
      const row = carrierRow(keys, name, { kind: 'smpp', ...config }, null, clock.now());
      await store.carriers.put(row);
      const document = carrierJson(keys, row);
      const next = `Carrier ${name} is set up. \`passbell carrier check ${name}\` tries it.\n\n`;
      answer(shell, options, document, next + carrierCard(document));
    }),
  );
}

const NO_PASSWORD =
  "a password is needed: pipe it in, or name a variable that holds it with --password-env (an empty one: --password '')";
