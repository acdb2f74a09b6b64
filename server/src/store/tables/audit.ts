import type { AuditAction, AuditEntry, AuditRow } from '../../rules/audit.ts';
import { type ChainHead, linked } from '../../rules/audit-chain.ts';
import type { Database } from '../schema.ts';

export interface AuditFilter {
  readonly accountId?: string;
  readonly actor?: string;
  readonly action?: AuditAction;
  /** Inclusive, ms since the epoch. */
  readonly createdAfter?: number;
  /** Exclusive. */
  readonly createdBefore?: number;
}

/** What was done, by whom: appended to, and shortened by retention alone. Each row's hash covers the one before it. */
export interface AuditStore {
  /** Appends in the order given, in one commit; of appends at once, on any node, one follows the other. */
  append(entries: readonly AuditEntry[]): Promise<void>;
  /** Newest first, after the row with id `after`; none where there is no such row. */
  list(filter: AuditFilter, limit: number, after: string | null): Promise<readonly AuditRow[]>;
  /** Whether there is a row with this id. */
  has(id: string): Promise<boolean>;
  /** Oldest first, after the row `seq`. */
  walk(seq: number, limit: number): Promise<readonly AuditRow[]>;
  head(): Promise<ChainHead>;
  /**
   * Removes the oldest rows, as far as they were written before `before`, at most `limit`; in the same commit it appends a row that says
   * so (`audit.trim`; its object is the last row that went). Returns how many went.
   */
  trim(before: number, limit: number, entry: Pick<AuditEntry, 'id' | 'at'>): Promise<number>;
}

interface AuditColumns {
  seq: number;
  id: string;
  at: number;
  actor: string;
  action: string;
  object_type: string;
  object_id: string;
  account_id: string | null;
  request_id: string | null;
  /** A flat JSON object. */
  detail: string;
  previous: string;
  hash: string;
}

interface HeadColumns {
  id: number;
  seq: number;
  hash: string;
  trimmed: number;
}

export function auditStore(base: Database): AuditStore {
  const db = withAudit(base);

  return {
    append: (entries) => base.transaction().execute((tx) => appendAudit(tx, entries)),

    async list({ accountId, actor, action, createdAfter, createdBefore }, limit, after) {
      const rows = db
        .selectFrom('audit')
        .selectAll()
        .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId ?? ''))
        .$if(actor !== undefined, (query) => query.where('actor', '=', actor ?? ''))
        .$if(action !== undefined, (query) => query.where('action', '=', action ?? ''))
        .$if(createdAfter !== undefined, (query) => query.where('at', '>=', createdAfter ?? 0))
        .$if(createdBefore !== undefined, (query) => query.where('at', '<', createdBefore ?? 0))
        .orderBy('seq', 'desc')
        .limit(limit);
      if (after === null) return (await rows.execute()).map(rowOf);
      const last = db.selectFrom('audit as last').select('last.seq').where('last.id', '=', after);
      return (await rows.where('seq', '<', last).execute()).map(rowOf);
    },

    async has(id) {
      return (await db.selectFrom('audit').select('seq').where('id', '=', id).executeTakeFirst()) !== undefined;
    },

    async walk(seq, limit) {
      const rows = db.selectFrom('audit').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit);
      return (await rows.execute()).map(rowOf);
    },

    head: () => db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirstOrThrow(),

    trim: (before, limit, { id, at }) =>
      base.transaction().execute(async (tx) => {
        await lockHead(tx);
        const oldest = await withAudit(tx)
          .selectFrom('audit')
          .select(['seq', 'at'])
          .orderBy('seq')
          .limit(limit)
          .execute();
        const young = oldest.findIndex((row) => row.at >= before);
        const old = young < 0 ? oldest : oldest.slice(0, young);
        const through = old.at(-1)?.seq;
        if (through === undefined) return 0;
        await withAudit(tx).updateTable('audit_head').set({ trimmed: through }).execute();
        await withAudit(tx).deleteFrom('audit').where('seq', '<=', through).execute();
        const what = { action: 'audit.trim', objectType: 'audit', objectId: String(through) } as const;
        const who = { actor: 'system', accountId: null, requestId: null } as const;
        await appendAudit(tx, [{ id, at, ...who, ...what, detail: { rows: old.length } }]);
        return old.length;
      }),
  };
}

/** Appends within a transaction of one's own: what was done and word of it are then one commit. */
export async function appendAudit(tx: Database, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const { rows, head } = linked(await lockHead(tx), entries);
  await withAudit(tx).insertInto('audit').values(rows.map(columnsOf)).execute();
  await withAudit(tx).updateTable('audit_head').set(head).execute();
}

/** An update that changes nothing waits for whoever appends, and reads what they left: both engines know no shorter way in common. */
async function lockHead(tx: Database): Promise<ChainHead> {
  return withAudit(tx)
    .updateTable('audit_head')
    .set((eb) => ({ seq: eb.ref('seq') }))
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow();
}

function withAudit(db: Database) {
  return db.$extendTables<{ audit: AuditColumns; audit_head: HeadColumns }>();
}

function columnsOf({ seq, id, at, actor, action, previous, hash, ...rest }: AuditRow): AuditColumns {
  return {
    ...{ seq, id, at, actor, action, previous, hash },
    ...{ object_type: rest.objectType, object_id: rest.objectId },
    ...{ account_id: rest.accountId, request_id: rest.requestId, detail: JSON.stringify(rest.detail) },
  };
}

/** What stands in the row, believed or not: whether it is what was written is for the chain to tell. */
function rowOf({ seq, id, at, actor, action, previous, hash, ...rest }: AuditColumns): AuditRow {
  return {
    ...{ seq, id, at, previous, hash },
    actor: actor as AuditRow['actor'],
    action: action as AuditAction,
    ...{ objectType: rest.object_type, objectId: rest.object_id },
    ...{ accountId: rest.account_id, requestId: rest.request_id },
    detail: detailOf(rest.detail),
  };
}

/** Somebody may have written anything into a row; the chain is to name it, not to fall over it. */
function detailOf(text: string): AuditRow['detail'] {
  try {
    return JSON.parse(text) as AuditRow['detail'];
  } catch {
    return { unreadable: text };
  }
}
