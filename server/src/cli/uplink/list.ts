import type { Command } from 'commander';
import type { UplinkKind } from '../../store/tables/uplinks.ts';
import { answer } from '../answer.ts';
import type { Shell } from '../shell.ts';
import { table } from '../table.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import type { Uplink } from './uplink.ts';

export function registerUplinkList<Kind extends UplinkKind, C>(
  parent: Command,
  shell: Shell,
  { type, rows, address, help }: Uplink<Kind, C>,
): void {
  const command = parent.command('list').description(`list the ${type.noun}s, in the order in which they are tried`);
  storeFlags(command).action((options: StoreOptions) =>
    withStore(shell, options, async (books) => {
      const vault = await books.vault();
      const all = (await type.stored(books.store).list()).map((row) => rows.json(vault, row));
      const columns = ['NAME', 'KIND', 'ADDRESS', 'STATE'].map((title) => ({ title }));
      const lines = all.map((one) => {
        const { name, kind, enabled, readable, priority } = one;
        const state = !readable ? 'sealed with another key' : enabled ? 'enabled' : 'disabled';
        return [name, kind, readable ? address(one) : '', state, String(priority)];
      });
      const text = table([...columns, { title: 'PRIORITY', align: 'right' }], lines);
      answer(shell, options, { data: all }, all.length === 0 ? `${help.none}\n` : text);
    }),
  );
}
