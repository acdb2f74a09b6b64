import type { Database } from '../schema.ts';
import { lockAccount } from './lock-account.ts';

/** An account's own words for its codes, by language. */
export interface TemplateRow {
  readonly accountId: string;
  readonly name: string;
  /** For messages and for calls, by BCP 47, in the order they were given. */
  readonly texts: Readonly<Record<string, string>>;
  readonly spoken: Readonly<Record<string, string>>;
  readonly updatedAt: number;
}

export interface TemplateStore {
  get(accountId: string, name: string): Promise<TemplateRow | null>;
  /** By name. */
  list(accountId: string): Promise<readonly TemplateRow[]>;
  /** Puts it in the place of one with this name, if there is one. False: the account has `most` others already, and nothing was done. */
  put(row: TemplateRow, most: number): Promise<boolean>;
  /** False: there is none. */
  remove(accountId: string, name: string): Promise<boolean>;
}

export function templateStore(db: Database): TemplateStore {
  return {
    async get(accountId, name) {
      const row = await db
        .selectFrom('templates')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('name', '=', name)
        .executeTakeFirst();
      return row ? templateOf(row) : null;
    },
    async list(accountId) {
      const rows = await db
        .selectFrom('templates')
        .selectAll()
        .where('account_id', '=', accountId)
        .orderBy('name')
        .execute();
      return rows.map(templateOf);
    },
    async put({ accountId, name, texts, spoken, updatedAt }, most) {
      return db.transaction().execute(async (tx) => {
        const words = { texts: JSON.stringify(texts), spoken: JSON.stringify(spoken), updated_at: updatedAt };
        await lockAccount(tx, accountId);
        const others = await tx
          .selectFrom('templates')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('account_id', '=', accountId)
          .where('name', '!=', name)
          .executeTakeFirstOrThrow();
        if (Number(others.count) >= most) return false;
        await tx
          .insertInto('templates')
          .values({ account_id: accountId, name, ...words })
          .onConflict((conflict) => conflict.columns(['account_id', 'name']).doUpdateSet(words))
          .execute();
        return true;
      });
    },
    async remove(accountId, name) {
      const { numDeletedRows } = await db
        .deleteFrom('templates')
        .where('account_id', '=', accountId)
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

function templateOf(row: {
  account_id: string;
  name: string;
  texts: string;
  spoken: string;
  updated_at: number;
}): TemplateRow {
  return {
    accountId: row.account_id,
    name: row.name,
    texts: JSON.parse(row.texts) as Record<string, string>,
    spoken: JSON.parse(row.spoken) as Record<string, string>,
    updatedAt: row.updated_at,
  };
}
