import type { Command } from 'commander';
import { carrierJson } from '../../admin/carrier-row.ts';
import { answer } from '../answer.ts';
import type { Shell } from '../shell.ts';
import { table } from '../table.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';

export function registerCarrierList(parent: Command, shell: Shell): void {
  const command = parent.command('list').description('list the carriers, in the order in which they are tried');
  storeFlags(command).action((options: StoreOptions) =>
    withStore(shell, options, async (books) => {
      const vault = await books.vault();
      const carriers = (await books.store.carriers.list()).map((row) => carrierJson(vault, row));
      const columns = ['NAME', 'KIND', 'ADDRESS', 'STATE'].map((title) => ({ title }));
      const rows = carriers.map((carrier) => {
        const { name, kind, enabled, readable, priority } = carrier;
        // What a configuration leaves out stands at its default.
        const { host = '', port = 2775 } = carrier as { host?: unknown; port?: unknown };
        const state = !readable ? 'sealed with another key' : enabled ? 'enabled' : 'disabled';
        return [name, kind, readable ? `${host}:${port}` : '', state, String(priority)];
      });
      const text = table([...columns, { title: 'PRIORITY', align: 'right' }], rows);
      answer(shell, options, { data: carriers }, carriers.length === 0 ? NONE : text);
    }),
  );
}

const NONE = 'There is no carrier yet. `passbell carrier add` sets one up; test keys need none.\n';
