import { type ExchangeDeps, exchange } from '../exchange.ts';
import type { Target } from '../transport/target.ts';
import type { Dialog } from './dialog.ts';

/**
 * Ends a call that was answered.
 * @param done called once: the far end has said something to it, or never will. Either way the call is over (RFC 3261 §15.1.1).
 */
export function bye(deps: ExchangeDeps, dialog: Dialog, target: Target, done: () => void = () => {}): void {
  exchange(deps, () => dialog.request('BYE'), target, done);
}
