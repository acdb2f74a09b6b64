import type { UplinkFields } from '../../admin/uplink-row.ts';
import type { Store } from '../../store/store.ts';
import type { UplinkKind, UplinkRow } from '../../store/tables/uplinks.ts';
import type { Vault } from '../../vault/vault.ts';
import { CommandError } from '../command-error.ts';
import { nearest } from '../nearest.ts';
import type { Uplink } from './uplink.ts';

/** Rejects with a `CommandError` when there is none of this name. */
export async function findUplink<Kind extends UplinkKind, C>(
  { type: { noun, stored } }: Uplink<Kind, C>,
  store: Store,
  name: string,
): Promise<UplinkRow<Kind>> {
  const row = await stored(store).get(name);
  if (row !== null) return row;
  const guess = nearest(
    name,
    (await stored(store).list()).map((one) => one.name),
  );
  const cure = guess === null ? `\`passbell ${noun} list\` shows what there is.` : `Did you mean ${guess}?`;
  throw new CommandError('not_found', `There is no ${noun} '${name}'. ${cure}`);
}

/** An uplink's configuration, its password included. Throws a `CommandError` when it was sealed with another key. */
export function fieldsOf<Kind extends UplinkKind, C>(
  { type: { noun }, rows }: Uplink<Kind, C>,
  vault: Vault,
  row: UplinkRow<Kind>,
): UplinkFields {
  const fields = rows.config(vault, row);
  if (fields !== null) return fields;
  throw new CommandError(
    'keys_unusable',
    `The ${noun} '${row.name}' was sealed with a key that is not in the key file. Restore that file, or remove the ${noun} and add it anew.`,
  );
}
