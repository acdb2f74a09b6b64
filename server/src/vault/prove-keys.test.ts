import { expect, it } from 'vitest';
import { systemRandom } from '../values/random.ts';
import { drawKeys, KeysUnusable } from './keys.ts';
import { openVault } from './open-vault.ts';
import { proveKeys } from './prove-keys.ts';

const random = systemRandom();

/** A store that keeps the first proof it is given. */
function shelf() {
  let kept: string | undefined;
  return async (sealed: string) => {
    kept ??= sealed;
    return kept;
  };
}

it('lets in the keys that sealed the store, and no others', async () => {
  const first = shelf();
  const vault = openVault(drawKeys(random.bytes), random);
  await proveKeys(vault, first, 'keys.json');
  await proveKeys(vault, first, 'keys.json');
  const stranger = openVault(drawKeys(random.bytes), random);
  await expect(proveKeys(stranger, first, 'other.json')).rejects.toThrow(KeysUnusable);
  await expect(proveKeys(stranger, first, 'other.json')).rejects.toThrow('other.json');
});
