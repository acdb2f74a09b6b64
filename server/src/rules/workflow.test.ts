import { describe, expect, it } from 'vitest';
import type { DeliveryState } from './outcome.ts';
import { afterResend, afterStep, lookAt, resendFrom, type VerificationRow } from './verification.ts';
import { todo } from './workflow.ts';

const NOW = 1_770_000_000_000;
const STEPS = [
  { channel: 'sms', carrier: null, waitMs: 0 },
  { channel: 'voice', carrier: null, waitMs: 30_000 },
] as const;

function looked(states: readonly DeliveryState[], over: Partial<VerificationRow> = {}) {
  const row: VerificationRow = {
    ...{ accountId: 'acme', id: 'v', state: 'pending', failures: 0, maxAttempts: 5, expiresAt: NOW + 300_000 },
    ...{ deliveryId: 'd', sends: 1, lastSentAt: NOW, step: 0, dueAt: NOW, callback: false, converted: null },
    steps: STEPS,
    ...over,
  };
  return { ...row, dialect: 'native' as const, deliveries: states.map((state) => ({ state })) };
}

describe('what a pending verification asks for', () => {
  it('is its next step once the wait is over, and not before', () => {
    expect(todo(looked(['delivered']), NOW + 29_999)).toEqual({ kind: 'wait', until: NOW + 30_000 });
    expect(todo(looked(['delivered']), NOW + 30_000)).toEqual({ kind: 'send', step: 1 });
  });

  it('is its next step at once when nothing that was sent can arrive', () => {
    for (const state of ['undelivered', 'failed', 'expired'] as const) {
      expect(todo(looked([state]), NOW + 1)).toEqual({ kind: 'send', step: 1 });
      expect(todo(looked([state, 'submitted']), NOW + 1)).toEqual({ kind: 'wait', until: NOW + 30_000 });
    }
  });

  it('is to be given up when nothing arrived and nothing is left, but by Octopush', () => {
    const last = looked(['failed', 'undelivered'], { step: 1 });
    expect(todo(last, NOW)).toEqual({ kind: 'give_up' });
    expect(todo({ ...last, dialect: 'octopush' }, NOW)).toEqual({ kind: 'wait', until: NOW + 300_000 });
    expect(todo(looked(['failed', 'sent'], { step: 1 }), NOW)).toEqual({ kind: 'wait', until: NOW + 300_000 });
  });

  it('is its end once it has expired, whatever else is due', () => {
    expect(todo(looked(['failed']), NOW + 300_000)).toEqual({ kind: 'expire' });
  });
});

describe('a resend', () => {
  it('leaves the next step where it is, however often the code is sent again', () => {
    const once = afterResend(looked(['sent', 'sent']), 'd2', NOW + 20_000);
    const twice = afterResend(once, 'd3', NOW + 25_000);
    for (const row of [once, twice]) {
      expect(row.dueAt).toBe(NOW + 30_000);
      expect(todo(row, NOW + 29_999)).toEqual({ kind: 'wait', until: NOW + 30_000 });
      expect(todo(row, NOW + 30_000)).toEqual({ kind: 'send', step: 1 });
    }
    expect(twice).toMatchObject({ deliveryId: 'd3', sends: 3, lastSentAt: NOW + 25_000, step: 0 });
  });

  it('brings no step forward that could not be sent when it was due', () => {
    const postponed = looked(['sent'], { dueAt: NOW + 36_000 });
    expect(afterResend(postponed, 'd2', NOW + 31_000).dueAt).toBe(NOW + 36_000);
  });

  it('is forgotten by the step after the next, which counts from that one', () => {
    const steps = [...STEPS, STEPS[1]];
    const next = afterStep(afterResend(looked(['sent'], { steps }), 'd2', NOW + 20_000), 'd3', NOW + 31_000);
    expect(next).toMatchObject({ step: 1, dueAt: NOW + 61_000 });
    expect(afterResend(next, 'd4', NOW + 60_000).dueAt).toBe(NOW + 61_000);
  });

  it('holds off no end: what was seen before it holds no more', () => {
    const last = looked(['failed'], { steps: STEPS.slice(0, 1), dueAt: NOW + 15_000 });
    expect(afterResend(last, 'd2', NOW).dueAt).toBe(NOW + 300_000);
  });
});

describe('times', () => {
  it('look at a step no later than at the expiry', () => {
    expect(lookAt(looked([], { expiresAt: NOW + 10_000 }))).toBe(NOW + 10_000);
    expect(lookAt(looked([], { step: 1 }))).toBe(NOW + 300_000);
  });

  it('let a code be sent again after 30, 60 and then each 120 seconds', () => {
    const gaps = [1, 2, 3, 4, 50].map((sends) => resendFrom({ sends, lastSentAt: NOW }) - NOW);
    expect(gaps).toEqual([30_000, 60_000, 120_000, 120_000, 120_000]);
  });
});
