import { KeysUnusable } from './keys.ts';
import type { Place, Vault } from './vault.ts';

const PLACE: Place = { account: '', row: 'key_proof', column: 'answer' };
const TEXT = 'passbell';

/**
 * Holds the keys against the store: the first start leaves a sealed cell there, every later one must be able to open it. Without
 * this a node with keys of its own would write cells that no other node can read, and find every code and number unreadable.
 *
 * @param first keeps the given cell if there is none yet, and resolves to the one that is kept
 * @throws {KeysUnusable} when the store was sealed with other keys
 */
export async function proveKeys(
  vault: Vault,
  first: (sealed: string) => Promise<string>,
  where: string,
): Promise<void> {
  const kept = await first(vault.seal(PLACE, TEXT));
  if (vault.open(PLACE, kept) === TEXT) return;
  throw new KeysUnusable(
    `The keys in ${where} are not those that this store was sealed with. Use the key file of the node that made the store, or set PASSBELL_KEYS to its content.`,
  );
}
