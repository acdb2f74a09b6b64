import { type Command, Option } from 'commander';
import { carrierJson, carrierRow } from '../../admin/carrier-row.ts';
import { answer } from '../answer.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { type CarrierOptions, carrierChange } from './change.ts';
import { carrierFlags } from './fields.ts';
import { configOf, findCarrier } from './find.ts';
import { carrierCard } from './show.ts';

interface Options extends StoreOptions {
  readonly enable?: true;
  readonly disable?: true;
}

export function registerCarrierSet(parent: Command, shell: Shell): void {
  const command = parent
    .command('set')
    .description('change a carrier; a running server binds anew within a second')
    .argument('<name>', 'of the carrier')
    .addOption(new Option('--disable', 'unbind, and send nothing through it').conflicts('enable'))
    .option('--enable', 'use it again')
    .option('--unset <settings>', 'put settings back to their defaults, as in rate,sender');
  storeFlags(carrierFlags(command)).action((name: string, options: Options & CarrierOptions) =>
    withStore(shell, options, async ({ store, vault }) => {
      const earlier = await findCarrier(store.carriers, name);
      const keys = await vault();
      const { kind, priority, enabled } = earlier;
      const config = await carrierChange(shell, { ...configOf(keys, earlier), priority }, options);
      const body = { ...config, kind, enabled: options.enable ? true : options.disable ? false : enabled };
      const row = carrierRow(keys, name, body, earlier, shell.clock.now());
      await store.carriers.put(row);
      const document = carrierJson(keys, row);
      answer(shell, options, document, `Changed.\n\n${carrierCard(document)}`);
    }),
  );
}
