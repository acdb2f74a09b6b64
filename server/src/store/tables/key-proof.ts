import type { Database } from '../schema.ts';

/** One sealed cell whose text is known: who can open it has the keys that the whole store was sealed with. */
export interface KeyProofStore {
  /** Null before the first start. */
  get(): Promise<string | null>;
  /** Keeps `sealed` if nothing is kept yet; resolves to what is kept. Of racing calls all see the same. */
  first(sealed: string): Promise<string>;
}

export function keyProofStore(db: Database): KeyProofStore {
  async function get(): Promise<string | null> {
    const row = await db.selectFrom('key_proof').select('sealed').executeTakeFirst();
    return row?.sealed ?? null;
  }
  return {
    get,
    async first(sealed) {
      await db
        .insertInto('key_proof')
        .values({ id: 1, sealed })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await get()) ?? sealed;
    },
  };
}
