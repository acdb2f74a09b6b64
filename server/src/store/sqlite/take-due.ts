import { sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { TakeDue } from '../tables/verification-store.ts';

// Spelt out: with a bound value SQLite does not see that a partial index holds these.
const PENDING = sql.lit<'pending'>('pending');

export function takeDue(db: Database): TakeDue {
  return (now, limit, holdMs) =>
    db
      .updateTable('verifications')
      .set({ due_at: now + holdMs })
      .where(({ eb, refTuple, selectFrom }) =>
        eb(
          refTuple('account_id', 'id'),
          'in',
          selectFrom('verifications as old')
            .select(['old.account_id', 'old.id'])
            .where('old.state', '=', PENDING)
            .where('old.due_at', '<=', now)
            .orderBy('old.due_at')
            .limit(limit)
            .$asTuple('account_id', 'id'),
        ),
      )
      .returning(['account_id as accountId', 'id'])
      .execute();
}
