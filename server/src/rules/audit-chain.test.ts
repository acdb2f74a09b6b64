import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry, AuditRow } from './audit.ts';
import { chainWalk, FIRST_LINK, linked } from './audit-chain.ts';

const START = { seq: 0, hash: FIRST_LINK };
const entry: fc.Arbitrary<AuditEntry> = fc.record({
  ...{ id: fc.uuid(), at: fc.nat(), actor: fc.constantFrom<AuditEntry['actor']>('cli', 'system') },
  ...{ action: fc.constantFrom('key.create', 'account.change'), objectType: fc.constant('key'), objectId: fc.string() },
  ...{ accountId: fc.option(fc.uuid()), requestId: fc.option(fc.uuid()) },
  detail: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))),
});
const entries = fc.array(entry, { minLength: 1, maxLength: 8 });

function judge(rows: readonly AuditRow[], head: { seq: number; hash: string }) {
  const walk = chainWalk();
  return walk.next(rows) ?? walk.end(head);
}

describe('the chain', () => {
  it('is whole as it was written, in one append or in several, in pages of any size', () => {
    fc.assert(
      fc.property(entries, fc.nat(8), fc.nat(8), (all, cut, page) => {
        const first = linked(START, all.slice(0, cut));
        const second = linked(first.head, all.slice(cut));
        const rows = [...first.rows, ...second.rows];
        expect(rows).toEqual(linked(START, all).rows);
        const walk = chainWalk();
        expect([walk.next(rows.slice(0, page)), walk.next(rows.slice(page)), walk.end(second.head)]).toEqual([
          ...[null, null, null],
        ]);
        expect(walk.rows).toBe(all.length);
      }),
    );
  });

  it('is broken by any change of any field of any row', () => {
    const change = fc.constantFrom<(row: AuditRow) => AuditRow>(
      (row) => ({ ...row, at: row.at + 1 }),
      (row) => ({ ...row, objectId: `${row.objectId}x` }),
      (row) => ({ ...row, actor: 'key:other' }),
      (row) => ({ ...row, accountId: row.accountId === null ? 'x' : null }),
      (row) => ({ ...row, detail: { ...row.detail, more: 1 } }),
      (row) => ({ ...row, previous: 'f'.repeat(64) }),
      (row) => ({ ...row, hash: 'f'.repeat(64) }),
    );
    fc.assert(
      fc.property(entries, fc.nat(), change, (all, which, alter) => {
        const { rows, head } = linked(START, all);
        const at = which % rows.length;
        expect(
          judge(
            rows.map((row, i) => (i === at ? alter(row) : row)),
            head,
          )?.seq,
        ).toBe(at + 1);
      }),
    );
  });

  it('is broken when it is rewritten from somewhere on, unless its head is rewritten with it', () => {
    const all = [0, 1, 2].map((i) => ({ ...sample, id: String(i) }));
    const { rows, head } = linked(START, all);
    const forged = linked(
      { seq: 1, hash: rows[0]?.hash ?? '' },
      all.slice(1).map((one) => ({ ...one, at: 9 })),
    );
    expect(judge([...rows.slice(0, 1), ...forged.rows], head)).toEqual({ seq: 4, why: 'cut_off' });
    // So the head is worth noting elsewhere.
    expect(judge([...rows.slice(0, 1), ...forged.rows], forged.head)).toBeNull();
  });

  it('may begin later where a row of it says that retention removed what was before', () => {
    const trim = { ...sample, action: 'audit.trim', objectId: '2' } as const;
    const { rows, head } = linked(START, [sample, sample, sample, trim]);
    expect(judge(rows.slice(2), head)).toBeNull();
    expect(judge(rows.slice(1), head)).toBeNull();
    expect(judge(rows.slice(3), head)).toEqual({ seq: 3, why: 'beginning_removed' });
    expect(judge([], START)).toBeNull();
    expect(judge([], head)).toEqual({ seq: 1, why: 'cut_off' });
  });
});

const sample: AuditEntry = {
  ...{ id: 'i', at: 0, actor: 'cli', action: 'key.create', objectType: 'key', objectId: 'k' },
  ...{ accountId: null, requestId: null, detail: {} },
};
