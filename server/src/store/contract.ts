import { describe } from 'vitest';
import { acceptContract } from './contract/accept.ts';
import { accountContract } from './contract/accounts.ts';
import { belongingsContract } from './contract/belongings.ts';
import { callContract } from './contract/calls.ts';
import { handsetCallContract } from './contract/handset-calls.ts';
import { leaseContract } from './contract/leases.ts';
import { listContract } from './contract/lists.ts';
import { peopleContract } from './contract/people.ts';
import type { OpenRig } from './contract/rig.ts';
import { settleContract } from './contract/settle.ts';
import { shelfContract } from './contract/shelves.ts';
import { verificationContract } from './contract/verifications.ts';

/** What every implementation of `Store` must do. `open` makes an empty store. */
export function storeContract(name: string, open: OpenRig): void {
  describe(name, () => {
    acceptContract(open);
    verificationContract(open);
    settleContract(open);
    leaseContract(open);
    listContract(open);
    accountContract(open);
    peopleContract(open);
    shelfContract(open);
    callContract(open);
    belongingsContract(open);
    handsetCallContract(async () => {
      const rig = await open();
      return { calls: rig.store.handsetCalls, close: () => rig.close() };
    });
  });
}
