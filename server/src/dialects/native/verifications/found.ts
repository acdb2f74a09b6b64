import type { Caller } from '../../../accounts/caller.ts';
import type { AppDeps } from '../../../app-deps.ts';
import { calleeOf } from '../../../delivery/callee.ts';
import { PassbellError } from '../../../errors.ts';
import type { Verification } from '../../../store/tables/verifications.ts';
import type { Vault } from '../../../vault/vault.ts';
import { idAfter } from '../field-schemas.ts';
import { VERIFICATION } from './verification-json.ts';
import { verificationIdField } from './verification-schema.ts';

type Params = Readonly<Record<string, string>>;

export const verificationParams = { id: verificationIdField };

/** What an unknown verification, and a foreign one, are answered with. */
export function noSuchVerification(): PassbellError {
  return new PassbellError('not_found', { what: 'verification' });
}

/** The id in a path. @throws {PassbellError} `not_found`: it is none. */
export function verificationId(params: Params): string {
  const id = idAfter(VERIFICATION, params['id']);
  if (id === null) throw noSuchVerification();
  return id;
}

/** The verification that a path names. Rejects with `not_found`: the account has none of that id in the key's mode. */
export async function verificationAt(
  { account, mode }: Caller,
  params: Params,
  { verifications }: Pick<AppDeps['store'], 'verifications'>,
): Promise<Verification> {
  const found = await verifications.get(account.id, verificationId(params));
  if (found === null || found.mode !== mode) throw noSuchVerification();
  return found;
}

/** Who it is sent to, in E.164; null once that was erased. */
export function sentTo(verification: Verification, vault: Pick<Vault, 'open'>): string | null {
  return calleeOf({ ...verification, otpId: verification.id }, vault);
}
