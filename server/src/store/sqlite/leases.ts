import type { DatabaseSync } from 'node:sqlite';
import type { ClaimedDelivery } from '../store.ts';
import { commit } from './commit.ts';

export interface Leases {
  claim(node: string, now: number, limit: number): readonly ClaimedDelivery[];
  beat(node: string, now: number, ttlMs: number): boolean;
  leave(node: string): void;
}

/** Leases and what is done with those that ran out. */
export function leasesIn(db: DatabaseSync): Leases {
  const nextOwner = db.prepare(`SELECT min(node) AS node FROM deliveries WHERE state = 'queued' AND node > ?`);
  const ownerless = db.prepare(`SELECT 1 FROM deliveries WHERE state = 'queued' AND node IS NULL LIMIT 1`);
  const lease = db.prepare('SELECT alive_until AS aliveUntil, taken_at AS takenAt FROM nodes WHERE node = ?');
  const fence = db.prepare(
    `INSERT INTO nodes (node, alive_until, taken_at) VALUES (?, 0, ?)
     ON CONFLICT DO UPDATE SET taken_at = excluded.taken_at WHERE taken_at IS NULL`,
  );
  const take = db.prepare(
    `UPDATE deliveries SET node = ?, handovers = handovers + 1
     WHERE rowid IN (SELECT rowid FROM deliveries WHERE state = 'queued' AND node IS ? ORDER BY rowid LIMIT ?)
     RETURNING account_id AS accountId, id AS deliveryId, otp_id AS otpId, channel, expires_at AS expiresAt, tries, handovers,
       via, content_sealed AS ownContentSealed`,
  );
  const otp = db.prepare(
    `SELECT mode, number_sealed AS numberSealed, content_sealed AS contentSealed, options FROM otps
     WHERE account_id = ? AND id = ?`,
  );
  const renew = db.prepare(
    `INSERT INTO nodes (node, alive_until) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET alive_until = excluded.alive_until WHERE taken_at IS NULL`,
  );

  const drop = db.prepare('DELETE FROM nodes WHERE node = ?');

  /** Who still stands on queued deliveries, by a few look-ups in the queue's index. */
  function owners(): (string | null)[] {
    const found: (string | null)[] = ownerless.get() ? [null] : [];
    for (let last = ''; ; ) {
      const { node } = nextOwner.get(last) as { node: string | null };
      if (node === null) return found;
      found.push(node);
      last = node;
    }
  }

  function isDead(owner: string | null, now: number): boolean {
    const row =
      owner === null ? undefined : (lease.get(owner) as { aliveUntil: number; takenAt: number | null } | undefined);
    return row === undefined || row.takenAt !== null || row.aliveUntil <= now;
  }

  return {
    claim: (node, now, limit) =>
      commit(db, () => {
        const claimed: ClaimedDelivery[] = [];
        for (const owner of owners()) {
          if (owner === node || claimed.length >= limit || !isDead(owner, now)) continue;
          if (owner !== null) fence.run(owner, now);
          const rows = take.all(node, owner, limit - claimed.length) as unknown as Omit<ClaimedDelivery, 'mode'>[];
          for (const row of rows)
            claimed.push({ ...row, ...(otp.get(row.accountId, row.otpId) as object) } as ClaimedDelivery);
        }
        return claimed;
      }),
    beat: (node, now, ttlMs) => commit(db, () => renew.run(node, now + ttlMs).changes > 0),
    leave: (node) => void commit(db, () => drop.run(node)),
  };
}
