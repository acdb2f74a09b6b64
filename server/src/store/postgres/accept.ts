import { PassbellError } from '../../errors.ts';
import type { AcceptRequest, AcceptVerdict } from '../../rules/accept.ts';
import { judgeAccept } from '../../rules/judge-accept.ts';
import type { Connection, Connections } from './connections.ts';
import { loadAccept } from './load-accept.ts';
import { saveAccept } from './save-accept.ts';

/**
 * Loads and locks what a batch touches, has it judged, saves the verdicts' rows: one transaction, one fsync. The balances' row locks
 * cover everything else of their accounts: whoever writes limits, counters or replays of sends holds them.
 */
export async function accept(
  connections: Connections,
  batch: readonly AcceptRequest[],
  node: string,
  now: number,
): Promise<readonly AcceptVerdict[]> {
  return connections.commit(async (connection, behind) => {
    const [, { state, made }] = await Promise.all([holdLease(connection, node), loadAccept(connection, batch)]);
    const { verdicts, writes } = judgeAccept(batch, state, now);
    if (writes.inserts.length > 0) saveAccept(connection, behind, writes, made, node, now);
    return verdicts;
  });
}

const LEASE = { name: 'lease', text: 'SELECT taken_at FROM nodes WHERE node = $1 FOR SHARE' };

/** Keeps others from taking the node's work until this transaction ends; if they have, what it accepted now would be sent twice. */
async function holdLease(connection: Connection, node: string): Promise<void> {
  const { rows } = await connection.query<{ taken_at: number | null }>(LEASE, [node]);
  if (rows.some((row) => row.taken_at !== null)) throw new PassbellError('unavailable', { reason: 'store' });
}
