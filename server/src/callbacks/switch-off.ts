import type { AccountDesk } from '../accounts/account-desk.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Log } from '../observe/log.ts';
import { OWN_RECEIVER } from '../rules/callback.ts';
import type { AllowList } from './allow-list.ts';
import { type CallbackUrl, parseCallbackUrl } from './callback-url.ts';
import type { EndpointDesk } from './endpoint-desk.ts';

interface Deps {
  readonly changeAccount: AccountDesk;
  readonly endpoints: Pick<EndpointDesk, 'gone'>;
  readonly allow: AllowList;
  readonly audit: AuditLog;
  readonly log: Log;
}

/** Told that a receiver answered 410. @param receiver `OWN_RECEIVER`, or an endpoint's id */
export type OnGone = (accountId: string, receiver: string, url: CallbackUrl) => void;

/**
 * Takes a receiver away once it has said 410 (Standard Webhooks 1.0, "Delivery success and failure"): the endpoint alone, or the account's
 * own URL; and writes that down. A place that a request named is left alone, unless it is the same. Never rejects: at the next 410 it is
 * tried again.
 */
export function receiverSwitch({ changeAccount, endpoints, allow, audit, log }: Deps): OnGone {
  const underWay = new Set<string>();

  async function takeBack(accountId: string, { href }: CallbackUrl): Promise<void> {
    const isOwn = (own: string | null) => {
      const parsed = own === null ? null : parseCallbackUrl(own, allow);
      return parsed !== null && 'url' in parsed && parsed.url.href === href;
    };
    let isGone = false;
    try {
      await changeAccount(accountId, ({ settings }) => {
        isGone = isOwn(settings.callbackUrl);
        return isGone ? { settings: { ...settings, callbackUrl: null } } : {};
      });
    } finally {
      // Also where it is not sure that it was done: no further 410 comes here once it was.
      if (isGone) await writeDown(accountId);
    }
  }

  async function writeDown(accountId: string): Promise<void> {
    log.warn('callback_receiver_gone', { account: accountId });
    const what = { action: 'settings.change', objectType: 'account', objectId: accountId, accountId } as const;
    await audit({ actor: 'system', requestId: null, ...what, detail: { fields: 'callback_url', reason: 'gone' } });
  }

  return (accountId, receiver, url) => {
    // A receiver that goes away does so for everything in flight to it.
    const key = `${accountId} ${receiver}`;
    if (underWay.has(key)) return;
    underWay.add(key);
    const done = receiver === OWN_RECEIVER ? takeBack(accountId, url) : endpoints.gone(accountId, receiver, url);
    done
      .catch((error) => log.error('callback_receiver_not_switched_off', { account: accountId, receiver }, error))
      .finally(() => underWay.delete(key));
  };
}
