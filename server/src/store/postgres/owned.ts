import { splitKey } from '../split-key.ts';
import { texts, uuids } from './binary-array.ts';

/** The two columns that the keys of a map stand for. */
export function owned(rows: ReadonlyMap<string, unknown>): [accounts: Buffer, rest: Buffer] {
  const keys = [...rows.keys()].map(splitKey);
  return [uuids(keys.map(([account]) => account)), texts(keys.map(([, rest]) => rest))];
}
