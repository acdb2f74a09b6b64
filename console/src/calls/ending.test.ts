import { expect, test } from 'vitest';
import type { Call } from './calls-api.ts';
import { ending } from './ending.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 31, 10, 0, seconds)).toISOString();

function ended(over: Partial<Call>): string {
  const call = { started_at: at(0), answered_at: null, ended_at: at(25), sip_status: null, reason: '', ...over };
  return ending(call as Call).join(' · ');
}

test('each way to end reads as people say it', () => {
  expect(ended({ outcome: 'completed', answered_at: at(4) })).toBe('answered, 21 s');
  expect(ended({ outcome: 'cancelled', sip_status: 487, reason: 'Request Terminated' })).toBe(
    'not answered, rang 25 s · 487 Request Terminated',
  );
  expect(ended({ outcome: 'rejected', sip_status: 486, reason: 'Busy Here' })).toBe('busy · 486 Busy Here');
  expect(ended({ outcome: 'rejected', sip_status: 603, reason: 'Decline' })).toBe('declined · 603 Decline');
});

test('a call whose server stopped says so, answered or not', () => {
  const reason = 'The server that placed it stopped.';
  expect(ended({ outcome: 'failed', reason })).toBe(`failed · ${reason}`);
  expect(ended({ outcome: 'failed', reason, answered_at: at(20) })).toBe(`broken off, 5 s · ${reason}`);
});
