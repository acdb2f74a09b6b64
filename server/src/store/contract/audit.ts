import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../rules/audit.ts';
import { chainWalk } from '../../rules/audit-chain.ts';
import { type OpenRig, useRig } from './rig.ts';
import { NOW, newId } from './samples.ts';

function entry(over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    ...{ id: newId(), at: NOW, actor: 'cli', action: 'key.create', objectType: 'key', objectId: newId() },
    ...{ accountId: null, requestId: null, detail: { mode: 'live', count: 2 } },
    ...over,
  };
}

/** The audit log: one chain, whoever appends. */
export function auditContract(open: OpenRig): void {
  describe('audit', () => {
    const rig = useRig(open);

    /** What the chain tells of itself, read from its beginning. */
    async function verified() {
      const walk = chainWalk();
      const broken = walk.next(await rig.store.audit.walk(0, 10_000)) ?? walk.end(await rig.store.audit.head());
      return { broken, rows: walk.rows };
    }

    it('keeps what was done as it was told, newest first, and finds it by whose, by whom, what and when', async () => {
      const { id } = await rig.account();
      const mine = entry({ accountId: id, actor: `key:${newId()}`, requestId: newId() });
      const later = entry({ accountId: id, action: 'settings.change', at: NOW + 1000, detail: {} });
      await rig.store.audit.append([mine, later]);
      await rig.store.audit.append([entry()]);
      const found = await rig.store.audit.list({ accountId: id }, 10, null);
      expect(found.map(({ seq, previous, hash, ...rest }) => rest)).toEqual([later, mine]);
      const ids = async (filter: Parameters<typeof rig.store.audit.list>[0], after: string | null = null) =>
        (await rig.store.audit.list({ accountId: id, ...filter }, 10, after)).map((row) => row.id);
      expect(await ids({ actor: mine.actor })).toEqual([mine.id]);
      expect(await ids({ action: 'settings.change' })).toEqual([later.id]);
      expect(await ids({ createdAfter: NOW + 1 })).toEqual([later.id]);
      expect(await ids({ createdBefore: NOW + 1 })).toEqual([mine.id]);
      expect(await ids({}, later.id)).toEqual([mine.id]);
      expect(await ids({}, newId())).toEqual([]);
      expect([await rig.store.audit.has(mine.id), await rig.store.audit.has(newId())]).toEqual([true, false]);
    });

    it('is one chain, though many append at once from several processes', async () => {
      const peer = await rig.peer();
      const { rows: before } = await verified();
      await Promise.all(
        Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? rig.store : peer).audit.append([entry(), entry()])),
      );
      expect(await verified()).toEqual({ broken: null, rows: before + 80 });
    });

    it('cannot be changed or shortened, and names the first row that was, once somebody got round that', async () => {
      await rig.store.audit.append([entry(), entry(), entry()]);
      const db = (await rig.database()).$extendTables<{ audit: { seq: number; object_id: string } }>();
      const { seq } = await rig.store.audit.head();
      await expect(
        db.updateTable('audit').set({ object_id: 'other' }).where('seq', '=', seq).execute(),
      ).rejects.toThrow();
      await expect(db.deleteFrom('audit').where('seq', '=', seq).execute()).rejects.toThrow();
      expect((await verified()).broken).toBeNull();

      const rows = await rig.store.audit.walk(0, 10_000);
      const altered = rows.map((row) => (row.seq === seq - 1 ? { ...row, objectId: 'other' } : row));
      const head = await rig.store.audit.head();
      const judge = (read: typeof rows) => {
        const walk = chainWalk();
        return walk.next(read) ?? walk.end(head);
      };
      expect(judge(altered)).toEqual({ seq: seq - 1, why: 'altered' });
      expect(judge(rows.filter((row) => row.seq !== seq - 1))).toEqual({ seq: seq - 1, why: 'missing' });
      expect(judge(rows.slice(0, -1))).toEqual({ seq, why: 'cut_off' });
      expect(judge(rows.slice(1))).toEqual({ seq: 1, why: 'beginning_removed' });
    });
  });

  describe('an old audit log', () => {
    const rig = useRig(open);

    it('loses what has outlived its time, says so, and is whole all the same', async () => {
      await rig.store.audit.append([entry({ at: NOW - 3 }), entry({ at: NOW - 2 }), entry({ at: NOW })]);
      const trim = (before: number, limit = 100) => rig.store.audit.trim(before, limit, { id: newId(), at: NOW });
      expect(await trim(NOW - 10)).toBe(0);
      expect(await trim(NOW, 1)).toBe(1);
      expect(await trim(NOW)).toBe(1);
      expect(await trim(NOW)).toBe(0);
      const rows = await rig.store.audit.walk(0, 100);
      expect(rows.map((row) => [row.seq, row.action, row.objectId])).toEqual([
        [3, 'key.create', expect.any(String)],
        [4, 'audit.trim', '1'],
        [5, 'audit.trim', '2'],
      ]);
      const walk = chainWalk();
      expect(walk.next(rows)).toBeNull();
      expect(walk.end(await rig.store.audit.head())).toBeNull();
    });
  });
}
