import { type Command, Option } from 'commander';
import { drawKey, drawProductToken, keyRow } from '../../accounts/key.ts';
import type { ApiKey, KeyKind } from '../../store/tables/keys.ts';
import { findAccount } from '../find-account.ts';
import { faulty } from '../readings.ts';
import type { Shell } from '../shell.ts';
import type { Books, StoreOptions } from '../with-store.ts';

/** How the command line names the kinds. */
const KINDS = {
  key: 'api_key',
  'product-token': 'product_token',
  'admin-token': 'admin_token',
} as const satisfies Record<string, KeyKind>;

/** What says which key is meant to be made. */
export interface NewKeyOptions extends StoreOptions {
  readonly account?: string;
  readonly kind: keyof typeof KINDS;
  readonly mode?: 'test' | 'live';
  readonly name?: string;
}

export function newKeyFlags(command: Command): Command {
  return command
    .option('--account <login|id>', 'whose key; not needed while there is only one account')
    .addOption(
      new Option('--kind <kind>', "key for the APIs, product-token for CM's, admin-token for the operator")
        .choices(Object.keys(KINDS))
        .default('key'),
    )
    .addOption(
      new Option('--mode <mode>', 'test reaches only the sandbox phone; live sends (default: test)').choices([
        'test',
        'live',
      ]),
    )
    .option('--name <text>', 'what to know it by');
}

/** A new key, not yet stored, and its text. An admin token belongs to no account and has no mode of its own. */
export async function drawNewKey(
  { clock, random }: Shell,
  { store, ids }: Books,
  options: NewKeyOptions,
): Promise<{ readonly row: ApiKey; readonly text: string; readonly owner: string }> {
  const kind = KINDS[options.kind];
  const admin = kind === 'admin_token';
  if (admin && options.account !== undefined)
    throw faulty([{ field: '--account', message: 'an admin token belongs to no account' }]);
  if (admin && options.mode === 'test')
    throw faulty([{ field: '--mode', message: 'an admin token has no mode: leave it out' }]);
  const account = admin ? null : await findAccount(store.accounts, options.account);
  const mode = admin ? 'live' : (options.mode ?? 'test');
  const secret = kind === 'product_token' ? drawProductToken(random) : drawKey(admin ? 'admin' : mode, random);
  const about = {
    id: ids(),
    accountId: account?.id ?? null,
    kind,
    mode,
    name: nameOf(options),
    createdAt: clock.now(),
  };
  return { row: keyRow(secret, about), text: secret.reveal(), owner: account?.login ?? 'the operator' };
}

function nameOf({ name, kind }: NewKeyOptions): string {
  const text = name ?? `${kind} made on the command line`;
  if (text.trim() !== '' && text.length <= 100 && !/\p{Cc}/u.test(text)) return text;
  throw faulty([{ field: '--name', message: 'must have 1 to 100 characters, none of them a control character' }]);
}

/** The kind in words, with its mode: `test key`, `live product token`, `admin token`. */
export function kindInWords({ kind, mode }: ApiKey): string {
  switch (kind) {
    case 'api_key':
      return `${mode} key`;
    case 'product_token':
      return `${mode} product token`;
    case 'admin_token':
      return 'admin token';
  }
}
