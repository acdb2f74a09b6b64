import { copyId } from '../rules/callback.ts';
import type { CallbackResult, ClaimedCallback } from '../store/tables/callbacks.ts';
import type { Outbox } from './callback.ts';

interface Kept {
  row: ClaimedCallback;
  node: string | null;
  dueAt: number;
  state: 'pending' | 'delivered' | 'given_up' | 'disabled';
  status: number | null;
}

/** An outbox that forgets: for tests and measurements. Nodes that were not said to be gone have their leases. */
export interface MemoryOutbox extends Outbox {
  /** As a commit of `node` would write them. */
  add(rows: readonly ClaimedCallback[], node: string | null): void;
  /** The node's lease has run out. */
  gone(node: string): void;
  get(id: string): Readonly<Kept> | undefined;
  readonly results: readonly CallbackResult[];
}

export function memoryOutbox(): MemoryOutbox {
  const kept = new Map<string, Kept>();
  const dead = new Set<string>();
  const results: CallbackResult[] = [];

  function free({ node, dueAt, state }: Kept, claimer: string, now: number): boolean {
    if (state !== 'pending' || node === claimer) return false;
    return node === null ? dueAt <= now : dead.has(node);
  }

  return {
    results,
    add(rows, node) {
      for (const row of rows) kept.set(row.id, { row, node, dueAt: row.createdAt, state: 'pending', status: null });
    },
    gone: (node) => void dead.add(node),
    get: (id) => kept.get(id),
    async claim(node, now, limit) {
      const found = [...kept.values()].filter((one) => free(one, node, now)).sort((a, b) => a.dueAt - b.dueAt);
      return found.slice(0, limit).map((one) => {
        one.node = node;
        return one.row;
      });
    },
    async spread(spreads) {
      return spreads.map(({ id, node, receivers: [first = '', ...others] }) => {
        const one = kept.get(id);
        if (one === undefined || one.node !== node || one.state !== 'pending') return false;
        if (one.row.receiver !== null && one.row.receiver !== first) return false;
        one.row = { ...one.row, receiver: first };
        for (const receiver of others) {
          const row = { ...one.row, id: copyId(id, receiver), receiver, attempts: 0 };
          kept.set(row.id, { row, node, dueAt: row.createdAt, state: 'pending', status: null });
        }
        return true;
      });
    },
    async settle(batch) {
      for (const result of batch) {
        const { id, node, receiver, attempts, status, next } = result;
        results.push(result);
        const one = kept.get(id);
        if (one === undefined || one.node !== node || one.state !== 'pending') continue;
        one.row = { ...one.row, receiver, attempts };
        one.status = status;
        one.node = null;
        if (next.kind === 'retry') one.dueAt = next.dueAt;
        else if (next.kind === 'unwanted') kept.delete(id);
        else one.state = next.kind;
      }
    },
  };
}
