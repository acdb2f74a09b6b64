import type { ClaimedDelivery } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';
import type { OtpContent, OtpNumber } from './content.ts';

/** The number and the content of a delivery; null when either was erased, or its key is gone. */
export function openContent<C extends OtpContent>(
  { accountId, otpId, numberSealed, contentSealed }: ClaimedDelivery,
  vault: Pick<Vault, 'open'>,
): { readonly number: OtpNumber; readonly content: C } | null {
  const number = vault.open({ account: accountId, row: otpId, column: 'number' }, numberSealed);
  const content = contentSealed && vault.open({ account: accountId, row: otpId, column: 'content' }, contentSealed);
  if (!number || !content) return null;
  return { number: JSON.parse(number) as OtpNumber, content: JSON.parse(content) as C };
}
