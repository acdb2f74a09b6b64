import { expect } from 'vitest';
import type { Answer } from '../service/api.ts';
import type { CheckedJson } from '../service/verification.ts';

/** What one of many checks came to. */
export type Outcome =
  | 'approved'
  /** It was wrong and was counted: so many are left. */
  | `${number} left`
  /** It had ended, or this was the last wrong one. */
  | 'ended';

/** An answer of the service; fails on one that is none of these. */
export function outcomeOf({ status, body }: Answer<CheckedJson>): Outcome {
  if (status === 200 && body.status === 'approved') return 'approved';
  if (status === 200 && body.status === 'pending') return `${body.remaining_attempts ?? Number.NaN} left`;
  // A code that was used up is answered like one that there never was.
  expect([200, 404]).toContain(status);
  expect(status === 404 ? body.code : body.status).toBe(status === 404 ? 'not_found' : 'max_attempts_reached');
  return 'ended';
}

/** Of right checks at once, one approves. */
export function expectOneApproved(outcomes: readonly Outcome[]): void {
  expect(tally(outcomes)).toEqual({ approved: 1, ended: outcomes.length - 1 });
}

/** Of wrong checks at once, `most` are counted: each of those but the last is told another number of attempts that are left. */
export function expectAllCounted(outcomes: readonly Outcome[], most: number): void {
  const counted = Array.from({ length: most - 1 }, (_, i) => [`${i + 1} left`, 1] as const);
  expect(tally(outcomes)).toEqual({ ...Object.fromEntries(counted), ended: outcomes.length - counted.length });
}

function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
