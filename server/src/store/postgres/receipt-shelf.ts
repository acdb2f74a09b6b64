import type { Receipt } from '../../rules/outcome.ts';
import { type PartRow, partKey } from '../../rules/settle.ts';
import type { Connection } from './connections.ts';

/** "receipts" in ASCII, cut to seven letters: any number that nobody else in the database locks. */
const SHELF = 0x7265_6365_6970_74n;

/**
 * Keeps a receipt and its submit from missing each other. On one node a receipt finds no part and is about to be parked; on another
 * the submit finds no parked receipt and is about to commit: both would go through, and the receipt would wait for ever. So
 * submits hold the shelf together (a shared lock, which costs them nothing), and whoever must park a receipt holds it alone, then
 * looks once more. Taken before any row is locked, and never raised from shared to exclusive: it cannot deadlock.
 *
 * `find` looks up the parts that the receipts name; resolves to what it found under the lock.
 */
export async function lockShelf(
  connection: Connection,
  receipts: readonly Receipt[],
  submits: boolean,
  find: () => Promise<readonly PartRow[]>,
): Promise<readonly PartRow[]> {
  const found = await find();
  const known = new Set(found.map((part) => partKey(part.carrier, part.messageId)));
  const parks = receipts.some(
    (receipt) => receipt.state !== 'pending' && !known.has(partKey(receipt.carrier, receipt.messageId)),
  );
  if (parks) {
    await connection.query('SELECT pg_advisory_xact_lock($1)', [SHELF]);
    return find();
  }
  // Not waited for: what is sent behind it runs once it is held. If it fails, so does everything behind it.
  if (submits) connection.query('SELECT pg_advisory_xact_lock_shared($1)', [SHELF]).catch(() => {});
  return found;
}
