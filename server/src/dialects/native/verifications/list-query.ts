import { Type } from '@sinclair/typebox';
import type { Caller } from '../../../accounts/caller.ts';
import type { VerificationFilter } from '../../../store/tables/verifications.ts';
import type { Vault } from '../../../vault/vault.ts';
import { phoneNumber } from '../handset-wire.ts';
import { instant, instantOf } from '../instant.ts';
import { type PageQuery, pageAsked, pageFields } from '../page.ts';
import { readsGiven } from '../reads.ts';
import { statusSchema } from './verification-schema.ts';

export const readListQuery = readsGiven(
  Type.Object(
    {
      to: Type.Optional(
        Type.String({ maxLength: 64, must: 'be a phone number', description: 'A number, in any spelling' }),
      ),
      status: Type.Optional(Type.Union(statusSchema.anyOf, { must: 'be a status, such as pending or approved' })),
      created_after: instant('RFC 3339; this moment included'),
      created_before: instant('RFC 3339; this moment not included'),
      ...pageFields,
    },
    { additionalProperties: false },
  ),
);

/** Which verifications are asked for: those of the key's mode that pass the filters. @throws {PassbellError} `invalid_request`. */
export function listAsked(
  query: ReturnType<typeof readListQuery>,
  { account, mode }: Caller,
  vault: Pick<Vault, 'numberDigest'>,
): { readonly page: PageQuery; readonly filter: VerificationFilter } {
  const { to, status, created_after: after, created_before: before, ...page } = query;
  const number = phoneNumber(to, account.country);
  return {
    page: pageAsked(page),
    filter: {
      mode,
      ...(number !== null && { numberDigest: vault.numberDigest(account.id, number) }),
      ...(status !== undefined && { state: status }),
      ...(after !== undefined && { createdAfter: instantOf('created_after', after) }),
      ...(before !== undefined && { createdBefore: instantOf('created_before', before) }),
    },
  };
}
