import type { Log } from '../observe/log.ts';
import type { ClaimedDelivery } from '../store/store.ts';
import { Secret } from '../values/secret.ts';
import type { Vault } from '../vault/vault.ts';
import type { RendersCall } from '../voice/script.ts';
import type { CallContent } from './content.ts';
import { openContent } from './open-content.ts';
import { type ReadyCall, readyCall } from './ready-call.ts';

/** The call of a delivery that another node accepted; null when it cannot be opened, or be spoken, any more. */
export type RestoreCall = (delivery: ClaimedDelivery) => Promise<ReadyCall | null>;

interface Deps {
  readonly vault: Pick<Vault, 'open'>;
  readonly renderCall: RendersCall;
  readonly log: Log;
}

export function callRestorer({ vault, renderCall, log }: Deps): RestoreCall {
  return async (delivery) => {
    const opened = openContent<CallContent>(delivery, vault);
    if (opened === null) return null;
    const { accountId, deliveryId, expiresAt } = delivery;
    const { code, call } = opened.content;
    try {
      const clips = await renderCall(call.script, { code: new Secret(code), voice: call.voice, accountId });
      return readyCall({ accountId, deliveryId, to: opened.number.e164, expiresAt }, call, clips);
    } catch (error) {
      // An audio file that was deleted meanwhile, or no voice: the callee is not kept waiting for it.
      log.warn('call_not_restored', {
        delivery: deliveryId,
        cause: error instanceof Error ? error.message : 'unknown',
      });
      return null;
    }
  };
}
