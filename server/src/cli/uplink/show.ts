import type { Command } from 'commander';
import type { UplinkKind } from '../../store/tables/uplinks.ts';
import { answer } from '../answer.ts';
import type { Shell } from '../shell.ts';
import { card } from '../table.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { findUplink } from './find.ts';
import type { Uplink } from './uplink.ts';

export function registerUplinkShow<Kind extends UplinkKind, C>(
  parent: Command,
  shell: Shell,
  uplink: Uplink<Kind, C>,
): void {
  const { noun } = uplink.type;
  const command = parent
    .command('show')
    .description(`show how a ${noun} is set up; what is not shown stands at its default`)
    .argument('<name>', `of the ${noun}`);
  storeFlags(command).action((name: string, options: StoreOptions) =>
    withStore(shell, options, async ({ store, vault }) => {
      const document = uplink.rows.json(await vault(), await findUplink(uplink, store, name));
      answer(shell, options, document, uplinkCard(uplink, document));
    }),
  );
}

/** An uplink for people; its password is in neither form. */
export function uplinkCard<Kind extends UplinkKind, C>({ inWords }: Uplink<Kind, C>, document: object): string {
  return card(Object.entries(document).map(([name, value]) => [name, (inWords[name] ?? String)(value)]));
}

/** As a sentence begins. */
export function titled(noun: string): string {
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}
