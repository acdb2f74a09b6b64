import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A callback as a service that has stopped left it. */
export interface OwedCallback {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly event: string;
  readonly state: 'pending' | 'delivered' | 'given_up' | 'disabled';
  readonly attempts: number;
  readonly status: number | null;
}

/** Every callback that was ever owed, in the order in which they became due. @param data the folder of the embedded store */
export function outboxOf(data: string): readonly OwedCallback[] {
  const database = new DatabaseSync(join(data, 'passbell.db'), { readOnly: true });
  try {
    const columns = 'account_id AS accountId, subject_id AS deliveryId, event, state, attempts, status';
    const rows = database.prepare(`SELECT ${columns} FROM callbacks ORDER BY created_at, id`).all();
    return rows.map((row) => ({ ...row }) as unknown as OwedCallback);
  } finally {
    database.close();
  }
}
