import { describe, expect, it } from 'vitest';
import { foldLedger, type LedgerRow } from './fold-ledger.ts';

const row = (subject: string, kind: LedgerRow['kind'], amount: number, at: number): LedgerRow => {
  return { subject, kind, pool: 'sms', amount, at };
};
const NOTHING = { granted: 0, captured: 0, grantedAt: null, capturedAt: null };

describe('folding', () => {
  it('adds up grants and captures, and lets releases cancel out', () => {
    const rows = [
      ...[row('a', 'grant', 10, 1), row('b', 'grant', -3, 2)],
      ...[row('c', 'hold', 2, 3), row('c', 'capture', 2, 4)],
      ...[row('d', 'hold', 5, 3), row('d', 'release', 5, 4)],
    ];
    expect(foldLedger(rows, 10)).toEqual({
      subjects: ['a', 'b', 'c', 'd'],
      rows: 6,
      carried: { sms: { granted: 7, captured: 2, grantedAt: 2, capturedAt: 4 }, voice: NOTHING },
    });
  });

  it('leaves what is young, what ended lately, and what has not ended', () => {
    const rows = [
      row('young', 'grant', 1, 10),
      ...[row('lately', 'hold', 2, 3), row('lately', 'capture', 2, 10)],
      row('open', 'hold', 5, 3),
      row('old', 'grant', 1, 9),
    ];
    expect(foldLedger(rows, 10).subjects).toEqual(['old']);
  });

  it('keeps pools apart', () => {
    const { carried } = foldLedger([row('a', 'grant', 1, 1), { ...row('b', 'grant', 2, 1), pool: 'voice' }], 10);
    expect([carried.sms.granted, carried.voice.granted]).toEqual([1, 2]);
  });
});
