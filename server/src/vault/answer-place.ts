import type { Place } from './vault.ts';

/** Where the answer to a request with an idempotency key is sealed: one room seals what another opens. */
export function answerPlace(account: string, key: string): Place {
  return { account, row: key, column: 'answer' };
}
