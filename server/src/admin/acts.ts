import type { AuditLog } from '../accounts/audit-log.ts';
import { type Acts, audited, type Done, fieldsOf } from '../dialects/native/audited.ts';
import type { Paths } from '../dialects/native/endpoint.ts';
import type { Answer, Call } from '../dialects/native/operation.ts';
import type { ApiKey } from '../store/tables/keys.ts';

type Of = (call: Call<ApiKey>, answer: Answer) => Done;

/** What the operator does that is written down. */
export const operatorActs: Acts<ApiKey> = {
  createAccount: (_, { body }) => {
    const { id } = body as { id: string };
    return { action: 'account.create', objectType: 'account', objectId: id, accountId: id };
  },
  changeAccount: (call) => ({ ...ofAccount('account.change', call), detail: fieldsOf(call) }),
  grantCredits: (call, { body }) => {
    const { pool, amount } = body as { pool: string; amount: number };
    return { ...ofAccount('credits.grant', call), detail: { pool, amount } };
  },
  putCarrier: uplink('carrier.put', 'carrier'),
  removeCarrier: uplink('carrier.remove', 'carrier'),
  putTrunk: uplink('trunk.put', 'trunk'),
  removeTrunk: uplink('trunk.remove', 'trunk'),

  // It writes down itself what it erased.
  eraseNumberOf: null,
  // They try an uplink out, and change nothing.
  checkCarrier: null,
  checkTrunk: null,
};

/** Has what the operator changes written down, by the token that it was done with. */
export function auditedPaths({ audit }: { readonly audit: AuditLog }, paths: Paths<ApiKey>): Paths<ApiKey> {
  return audited(paths, {
    audit,
    acts: operatorActs,
    by: ({ id }) => ({ actor: `admin_token:${id}`, accountId: null }),
  });
}

function ofAccount(action: Done['action'], { params }: Pick<Call<ApiKey>, 'params'>): Done {
  const id = params['id'] ?? '';
  return { action, objectType: 'account', objectId: id, accountId: id };
}

function uplink(action: Done['action'], objectType: string): Of {
  return ({ params }) => ({ action, objectType, objectId: params['name'] ?? '' });
}
