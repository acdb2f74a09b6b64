import type { DeliveryRow, Outcome, OutcomeNext } from '../rules/outcome.ts';

export type OverdueRow = Pick<DeliveryRow, 'accountId' | 'id' | 'channel' | 'node'>;

/** What silence past its deadline amounts to, the carrier's or that of a node in the middle of a call, as an outcome that the rules can judge. */
export function overdueOutcome({ accountId, id, channel, node }: OverdueRow, now: number): Outcome {
  return { accountId, deliveryId: id, node: node ?? '', at: now, attempt: null, next: END[channel] };
}

const END: Readonly<Record<DeliveryRow['channel'], OutcomeNext>> = {
  sms: { kind: 'final', state: 'sent', reason: 'receipt_missing' },
  // Whether the code was heard is not known: it is not charged.
  voice: { kind: 'final', state: 'failed', reason: 'node_lost' },
};
