import { hash } from 'node:crypto';
import type { AuditEntry, AuditRow } from './audit.ts';

/** What stands before the first row. */
export const FIRST_LINK = '0'.repeat(64);

/** How the chain ends, as it is kept beside it: what is cut off from the end is missed. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/**
 * The hash of a row: SHA-256, in hex, over the hash before it and everything that the row says, as JSON in this order. Whoever changes,
 * removes, adds or moves a row must change every hash after it.
 */
export function linkHash(previous: string, seq: number, entry: AuditEntry): string {
  const { id, at, actor, action, objectType, objectId, accountId, requestId, detail } = entry;
  const said = [previous, seq, id, at, actor, action, objectType, objectId, accountId, requestId, pairs(detail)];
  return hash('sha256', JSON.stringify(said), 'hex');
}

/** In one order, whatever the order in which a database gives the fields back. */
function pairs(detail: AuditEntry['detail']) {
  return Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The entries as rows behind `head`, and the head after them. */
export function linked(head: ChainHead, entries: readonly AuditEntry[]): { rows: AuditRow[]; head: ChainHead } {
  let { seq, hash: previous } = head;
  const rows = entries.map((entry): AuditRow => {
    seq += 1;
    const row = { ...entry, seq, previous, hash: linkHash(previous, seq, entry) };
    previous = row.hash;
    return row;
  });
  return { rows, head: { seq, hash: previous } };
}

/** Where the chain is broken, and how. */
export interface BrokenLink {
  readonly seq: number;
  readonly why: 'missing' | 'altered' | 'moved' | 'cut_off' | 'beginning_removed';
}

/** Walks the chain row by row, oldest first. Once a link is broken, the walk is over. */
export interface ChainWalk {
  /** The first broken link among the rows, if there is one. */
  next(rows: readonly AuditRow[]): BrokenLink | null;
  /** What only the end tells: whether the chain ends where it should, and began where it may. */
  end(head: ChainHead): BrokenLink | null;
  readonly rows: number;
}

export function chainWalk(): ChainWalk {
  let first: number | null = null;
  let last: ChainHead | null = null;
  let trimmed = 0;
  let rows = 0;

  function look(row: AuditRow): BrokenLink | null {
    const { seq } = row;
    if (last !== null && seq !== last.seq + 1) return { seq: last.seq + 1, why: 'missing' };
    if (row.hash !== linkHash(row.previous, seq, row)) return { seq, why: 'altered' };
    if (row.previous !== (last?.hash ?? (seq === 1 ? FIRST_LINK : row.previous))) return { seq, why: 'moved' };
    first ??= seq;
    last = { seq, hash: row.hash };
    if (row.action === 'audit.trim') trimmed = Math.max(trimmed, Number(row.objectId));
    rows += 1;
    return null;
  }

  return {
    get rows() {
      return rows;
    },
    next(found) {
      for (const row of found) {
        const broken = look(row);
        if (broken !== null) return broken;
      }
      return null;
    },
    end(head) {
      const reached = last ?? { seq: 0, hash: FIRST_LINK };
      if (reached.seq !== head.seq || reached.hash !== head.hash) return { seq: reached.seq + 1, why: 'cut_off' };
      // Rows whose time is over are removed by retention alone, which says so in a row of its own.
      if (first !== null && first - 1 > trimmed) return { seq: first - 1, why: 'beginning_removed' };
      return null;
    },
  };
}
