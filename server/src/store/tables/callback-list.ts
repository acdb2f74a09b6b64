import type { Mode } from '../../rules/accept.ts';
import { copyId, OWN_RECEIVER } from '../../rules/callback.ts';
import type { CallbackColumns, Database } from '../schema.ts';
import type { CallbackDelivery, CallbackStore } from './callbacks.ts';

/** What an account sees of its callbacks, and may have done with them. */
export function callbackList(db: Database): Pick<CallbackStore, 'add' | 'get' | 'after' | 'replay'> {
  return {
    async add({ accountId, id, subjectId, event, createdAt }, receiver) {
      const row = { account_id: accountId, id, subject_id: subjectId, event, receiver, created_at: createdAt };
      await db
        .insertInto('callbacks')
        .values({ ...row, state: 'pending', attempts: 0, due_at: createdAt })
        .execute();
    },

    async get(accountId, mode, id, receiver) {
      const row = await ofMode(db, accountId, mode)
        .where(({ eb, or, and }) =>
          receiver === null
            ? eb('c.id', '=', id)
            : or([eb('c.id', '=', copyId(id, receiver)), and([eb('c.id', '=', id), eb('c.receiver', '=', receiver)])]),
        )
        .executeTakeFirst();
      return row ? deliveryOf(row) : null;
    },

    async after(accountId, { mode, receiver, state, event }, limit, after) {
      const rows = await ofMode(db, accountId, mode)
        .$if(receiver !== undefined, (query) => query.where('c.receiver', '=', receiver ?? OWN_RECEIVER))
        .$if(state !== undefined, (query) => query.where('c.state', '=', state as NonNullable<typeof state>))
        .$if(event !== undefined, (query) => query.where('c.event', '=', event as NonNullable<typeof event>))
        .$if(after !== null, (query) =>
          query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('c.created_at', 'c.id'), '<', tuple(after?.createdAt ?? 0, after?.id ?? '')),
          ),
        )
        .orderBy('c.created_at', 'desc')
        .orderBy('c.id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(deliveryOf);
    },

    async replay(accountId, id, now) {
      const { numUpdatedRows } = await db
        .updateTable('callbacks')
        .set({ state: 'pending', attempts: 0, status: null, node: null, due_at: now, final_at: null })
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .where('state', '!=', 'pending')
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
  };
}

/** An account's callbacks of what was sent in `mode`: by a delivery, by a verification, or to an endpoint that was tried out. */
function ofMode(db: Database, accountId: string, mode: Mode) {
  return db
    .selectFrom('callbacks as c')
    .leftJoin('deliveries as d', (join) =>
      join.onRef('d.account_id', '=', 'c.account_id').onRef('d.id', '=', 'c.subject_id'),
    )
    .leftJoin('otps as o', (join) =>
      join
        .onRef('o.account_id', '=', 'c.account_id')
        .on(({ eb, fn, ref }) => eb('o.id', '=', fn.coalesce('d.otp_id', ref('c.subject_id')))),
    )
    .leftJoin('callback_endpoints as e', (join) =>
      join.onRef('e.account_id', '=', 'c.account_id').onRef('e.id', '=', 'c.subject_id'),
    )
    .selectAll('c')
    .where('c.account_id', '=', accountId)
    .where(({ eb, fn }) => eb(fn.coalesce('o.mode', 'e.mode'), '=', mode));
}

function deliveryOf(row: CallbackColumns): CallbackDelivery {
  const { id, event, receiver, state, attempts, status } = row;
  return {
    ...{ id, event, receiver, state, attempts, status },
    accountId: row.account_id,
    subjectId: row.subject_id,
    createdAt: row.created_at,
    dueAt: state === 'pending' && row.node === null ? row.due_at : null,
    finalAt: row.final_at,
  };
}
