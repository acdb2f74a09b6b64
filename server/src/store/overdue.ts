import type { DeliveryRow, Outcome } from '../rules/outcome.ts';

/** What the silence of a carrier past the receipt's deadline amounts to, as an outcome that the rules can judge. */
export function overdueOutcome(row: Pick<DeliveryRow, 'accountId' | 'id' | 'node'>, now: number): Outcome {
  return {
    accountId: row.accountId,
    deliveryId: row.id,
    node: row.node ?? '',
    at: now,
    attempt: null,
    next: { kind: 'final', state: 'sent', reason: 'receipt_missing' },
  };
}
