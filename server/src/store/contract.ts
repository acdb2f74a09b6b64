import { describe } from 'vitest';
import { acceptContract } from './contract/accept.ts';
import { accountContract } from './contract/accounts.ts';
import { auditContract } from './contract/audit.ts';
import { belongingsContract } from './contract/belongings.ts';
import { callbackEndpointContract } from './contract/callback-endpoints.ts';
import { callbackContract } from './contract/callbacks.ts';
import { callContract } from './contract/calls.ts';
import { dropWaitingContract } from './contract/drop-waiting.ts';
import { erasureContract } from './contract/erasure.ts';
import { exportContract } from './contract/exports.ts';
import { furtherSendContract } from './contract/further-sends.ts';
import { handsetCallContract } from './contract/handset-calls.ts';
import { leaseContract } from './contract/leases.ts';
import { ledgerFoldingContract } from './contract/ledger-folding.ts';
import { listContract } from './contract/lists.ts';
import { messageContract } from './contract/messages.ts';
import { peopleContract } from './contract/people.ts';
import { retentionContract } from './contract/retention.ts';
import type { OpenRig } from './contract/rig.ts';
import { settleContract } from './contract/settle.ts';
import { shelfContract } from './contract/shelves.ts';
import { strayContract } from './contract/strays.ts';
import { sweepContract } from './contract/sweeps.ts';
import { templateContract } from './contract/templates.ts';
import { verificationContract } from './contract/verifications.ts';

/** What every implementation of `Store` must do. `open` makes an empty store. */
export function storeContract(name: string, open: OpenRig): void {
  describe(name, () => {
    acceptContract(open);
    verificationContract(open);
    furtherSendContract(open);
    templateContract(open);
    settleContract(open);
    leaseContract(open);
    strayContract(open);
    listContract(open);
    accountContract(open);
    peopleContract(open);
    shelfContract(open);
    sweepContract(open);
    callContract(open);
    callbackEndpointContract(open);
    callbackContract(open);
    dropWaitingContract(open);
    messageContract(open);
    auditContract(open);
    exportContract(open);
    retentionContract(open);
    erasureContract(open);
    ledgerFoldingContract(open);
    belongingsContract(open);
    handsetCallContract(async () => {
      const rig = await open();
      return { calls: rig.store.handsetCalls, close: () => rig.close() };
    });
  });
}
