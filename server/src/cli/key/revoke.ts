import type { Command } from 'commander';
import { keyDigest } from '../../accounts/key.ts';
import type { ApiKey } from '../../store/tables/keys.ts';
import { answer } from '../answer.ts';
import { CommandError } from '../command-error.ts';
import { findAccount } from '../find-account.ts';
import { faulty } from '../readings.ts';
import type { Shell } from '../shell.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { keyDocument } from './document.ts';
import { kindInWords } from './new-key.ts';

interface Options extends StoreOptions {
  readonly account?: string;
}

/** How many of a key's last characters `key list` shows. */
const TAIL = 4;

export function registerKeyRevoke(parent: Command, shell: Shell): void {
  const command = parent
    .command('revoke')
    .description('revoke a key; a running server refuses it within a second')
    .argument('<key>', 'its id, or its last four characters, as `passbell key list` shows them')
    .option('--account <login|id>', 'whose key; not needed while there is only one account');
  storeFlags(command).action((wanted: string, options: Options) =>
    withStore(shell, options, async ({ store }) => {
      const account = await findAccount(store.accounts, options.account);
      const key = findKey(await store.keys.list(account.id), wanted);
      const now = shell.clock.now();
      if (!(await store.keys.revoke(account.id, key.id, now))) {
        throw new CommandError('conflict', `The ${kindInWords(key)} ${key.hint} is revoked already.`);
      }
      const document = keyDocument({ ...key, revokedAt: now });
      answer(shell, options, document, `The ${kindInWords(key)} ${key.hint} (${key.name}) is revoked.\n`);
    }),
  );
}

function findKey(keys: readonly ApiKey[], wanted: string): ApiKey {
  const digest = keyDigest(wanted);
  const exact = keys.find((key) => key.id === wanted || key.digest === digest);
  if (exact !== undefined) return exact;
  // Nothing longer than the tail is looked for by its end: a mistyped id must not revoke the key that happens to end like it.
  const [found, other] = keys.filter(
    ({ hint }) => hint === wanted || (wanted.length === TAIL && hint.endsWith(wanted)),
  );
  if (found === undefined) {
    throw new CommandError('not_found', 'The account has no such key. `passbell key list` shows what there is.');
  }
  if (other !== undefined) throw faulty([{ field: 'key', message: 'several keys end so; write the id of one' }]);
  return found;
}
