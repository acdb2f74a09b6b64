import { describe } from 'vitest';
import { acceptContract } from './contract/accept.ts';
import { leaseContract } from './contract/leases.ts';
import type { OpenRig } from './contract/rig.ts';
import { settleContract } from './contract/settle.ts';

/** What every implementation of `Store` must do. `open` makes an empty store. */
export function storeContract(name: string, open: OpenRig): void {
  describe(name, () => {
    acceptContract(open);
    settleContract(open);
    leaseContract(open);
  });
}
