import type { Vault } from '../vault/vault.ts';
import type { OtpNumber } from './content.ts';

/** Whatever has an otp's number, sealed. */
interface Numbered {
  readonly accountId: string;
  readonly otpId: string;
  /** Null once it was erased. */
  readonly numberSealed: string | null;
}

/** The number of an otp; null once it was erased, or when its key is gone. */
export function openNumber({ accountId, otpId, numberSealed }: Numbered, vault: Pick<Vault, 'open'>): OtpNumber | null {
  const text = numberSealed && vault.open({ account: accountId, row: otpId, column: 'number' }, numberSealed);
  return text ? (JSON.parse(text) as OtpNumber) : null;
}

/** Who is called or sent to, in E.164; null as above. */
export function calleeOf(of: Numbered, vault: Pick<Vault, 'open'>): string | null {
  return openNumber(of, vault)?.e164 ?? null;
}
