import type { Command } from 'commander';
import { answer } from '../answer.ts';
import type { Shell } from '../shell.ts';
import { storeFlags, withStore } from '../with-store.ts';
import { keyDocument } from './document.ts';
import { drawNewKey, kindInWords, type NewKeyOptions, newKeyFlags } from './new-key.ts';

export function registerKeyCreate(parent: Command, shell: Shell): void {
  const command = parent.command('create').description('make a key beside those there are; shown this once');
  storeFlags(newKeyFlags(command)).action((options: NewKeyOptions) =>
    withStore(shell, options, async (books) => {
      const { row, text, owner } = await drawNewKey(shell, books, options);
      await books.store.keys.create(row);
      const made = `A ${kindInWords(row)} for ${owner}, shown this once:\n\n${text}\n`.replace(/^A admin/, 'An admin');
      answer(shell, options, { ...keyDocument(row), key: text }, made);
    }),
  );
}
