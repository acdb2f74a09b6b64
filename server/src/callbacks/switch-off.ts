import type { AccountDesk } from '../accounts/account-desk.ts';
import type { Log } from '../observe/log.ts';
import type { AllowList } from './allow-list.ts';
import { type CallbackUrl, parseCallbackUrl } from './callback-url.ts';

interface Deps {
  readonly changeAccount: AccountDesk;
  readonly allow: AllowList;
  readonly log: Log;
}

/**
 * Takes an account's receiver away once it has said 410 (Standard Webhooks 1.0, "Delivery success and failure"). What a single call named is left
 * alone, unless it is the same. Never rejects: at the next 410 it is tried again.
 */
export function receiverSwitch({ changeAccount, allow, log }: Deps): (accountId: string, url: CallbackUrl) => void {
  const underWay = new Set<string>();

  async function switchOff(accountId: string, { href }: CallbackUrl): Promise<void> {
    await changeAccount(accountId, ({ settings }) => {
      const own = settings.callbackUrl === null ? null : parseCallbackUrl(settings.callbackUrl, allow);
      if (own === null || 'fault' in own || own.url.href !== href) return {};
      log.warn('callback_receiver_gone', { account: accountId });
      return { settings: { ...settings, callbackUrl: null } };
    });
  }

  return (accountId, url) => {
    // A receiver that goes away does so for everything in flight to it.
    if (underWay.has(accountId)) return;
    underWay.add(accountId);
    switchOff(accountId, url)
      .catch((error) => log.error('callback_receiver_not_switched_off', { account: accountId }, error))
      .finally(() => underWay.delete(accountId));
  };
}
