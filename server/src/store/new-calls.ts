import type { AcceptRequest } from '../rules/accept.ts';
import type { CallDraft } from '../rules/call-record.ts';

/** The record of a call that was accepted, as it is inserted. */
export interface NewCall extends CallDraft {
  readonly accountId: string;
  readonly id: string;
  readonly otpId: string;
  readonly createdAt: number;
}

/** The accepted sends that are calls. */
export function newCalls(sends: readonly AcceptRequest[]): NewCall[] {
  return sends.flatMap(({ accountId, deliveryId, otpId, createdAt, call }) =>
    call === null ? [] : { accountId, id: deliveryId, otpId, createdAt, ...call },
  );
}
