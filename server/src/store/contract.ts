import { describe } from 'vitest';
import { acceptContract } from './contract/accept.ts';
import type { OpenRig } from './contract/rig.ts';

/** What every implementation of `Store` must do. `open` makes an empty store. */
export function storeContract(name: string, open: OpenRig): void {
  describe(name, () => {
    acceptContract(open);
  });
}
