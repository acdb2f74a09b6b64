import type { ClaimedDelivery } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';
import { openNumber } from './callee.ts';
import type { OtpContent, OtpNumber } from './content.ts';

/** The number and the content of a delivery; null when either was erased, or its key is gone. */
export function openContent<C extends OtpContent>(
  delivery: ClaimedDelivery,
  vault: Pick<Vault, 'open'>,
): { readonly number: OtpNumber; readonly content: C } | null {
  const { accountId, otpId, deliveryId, contentSealed, ownContentSealed } = delivery;
  const number = openNumber(delivery, vault);
  const sealed = ownContentSealed ?? contentSealed;
  const row = ownContentSealed === null ? otpId : deliveryId;
  const content = sealed && vault.open({ account: accountId, row, column: 'content' }, sealed);
  return number && content ? { number, content: JSON.parse(content) as C } : null;
}
