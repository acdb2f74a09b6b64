import type { Dialect } from './accept.ts';
import type { DeliveryState } from './outcome.ts';
import { lookAt, nextStepAt, type VerificationRow } from './verification.ts';

/** What a pending verification asks for. */
export type Todo =
  | { readonly kind: 'expire' }
  /** Its next step is due, or nothing that was sent before it can arrive any more. */
  | { readonly kind: 'send'; readonly step: number }
  /** Nothing that was sent has arrived, and there is no further step. */
  | { readonly kind: 'give_up' }
  | { readonly kind: 'wait'; readonly until: number };

interface Looked extends VerificationRow {
  readonly dialect: Dialect;
  readonly deliveries: readonly { readonly state: DeliveryState }[];
}

/** Decides what is to be done now for a pending verification. */
export function todo(verification: Looked, now: number): Todo {
  const { expiresAt, step, dialect, deliveries } = verification;
  if (now >= expiresAt) return { kind: 'expire' };
  const isLost = deliveries.every(({ state }) => hasFailed(state));
  const nextAt = nextStepAt(verification);
  if (nextAt !== null && (isLost || now >= nextAt)) return { kind: 'send', step: step + 1 };
  // Octopush knows no such state: there a code counts although its receipt said otherwise.
  if (nextAt === null && isLost && dialect !== 'octopush') return { kind: 'give_up' };
  return { kind: 'wait', until: lookAt(verification) };
}

function hasFailed(state: DeliveryState): boolean {
  switch (state) {
    case 'undelivered':
    case 'failed':
    case 'expired':
      return true;
    case 'queued':
    case 'submitted':
    case 'sent':
    case 'delivered':
      return false;
    default:
      return state satisfies never;
  }
}
