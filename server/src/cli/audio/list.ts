import type { Command } from 'commander';
import { audioJson } from '../../dialects/native/audio-json.ts';
import type { AudioEntry } from '../../store/tables/audio.ts';
import { answer } from '../answer.ts';
import { findAccount } from '../find-account.ts';
import type { Shell } from '../shell.ts';
import { table } from '../table.ts';
import { writeTime } from '../time.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { deskOf } from './desk.ts';

export function registerAudioList(parent: Command, shell: Shell): void {
  const command = parent
    .command('list')
    .description('list the files of the audio store, by path')
    .argument('[prefix]', 'what their paths begin with, as in /spelling/', '')
    .option('--account <login|id>', 'whose; not needed while there is only one account');
  storeFlags(command).action((prefix: string, options: StoreOptions & { readonly account?: string }) =>
    withStore(shell, options, async ({ store }) => {
      const account = await findAccount(store.accounts, options.account);
      const found = await deskOf(store, shell).list(account.id, prefix);
      const none = prefix === '' ? NONE : `There is no file below ${prefix}.\n`;
      answer(shell, options, { data: found.map(audioJson) }, found.length === 0 ? none : audioTable(found));
    }),
  );
}

const NONE = 'There is no file yet. `passbell audio upload` puts some there.\n';

export function audioTable(entries: readonly AudioEntry[]): string {
  const columns = [
    { title: 'PATH' },
    { title: 'SECONDS', align: 'right' } as const,
    { title: 'WAS' },
    { title: 'SINCE' },
  ];
  const rows = entries.map((entry) => {
    return [entry.path, audioJson(entry).seconds.toFixed(2), entry.source, writeTime(entry.updatedAt)];
  });
  return table(columns, rows);
}
