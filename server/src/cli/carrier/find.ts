import { openConfig } from '../../admin/carrier-row.ts';
import type { CarrierRow, CarrierStore } from '../../store/tables/carriers.ts';
import type { Vault } from '../../vault/vault.ts';
import { CommandError } from '../command-error.ts';
import { nearest } from '../nearest.ts';
import type { CarrierConfig } from './change.ts';

/** Rejects with a `CommandError` when there is no carrier of this name. */
export async function findCarrier(carriers: CarrierStore, name: string): Promise<CarrierRow> {
  const row = await carriers.get(name);
  if (row !== null) return row;
  const guess = nearest(
    name,
    (await carriers.list()).map((one) => one.name),
  );
  const cure = guess === null ? '`passbell carrier list` shows what there is.' : `Did you mean ${guess}?`;
  throw new CommandError('not_found', `There is no carrier '${name}'. ${cure}`);
}

/** A carrier's configuration, its password included. Throws a `CommandError` when it was sealed with another key. */
export function configOf(vault: Vault, row: CarrierRow): CarrierConfig {
  const config = openConfig(vault, row);
  if (config !== null) return config;
  throw new CommandError(
    'keys_unusable',
    `The carrier '${row.name}' was sealed with a key that is not in the key file. Restore that file, or remove the carrier and add it anew.`,
  );
}
