import { afterAll, beforeAll } from 'vitest';
import type { Database } from '../schema.ts';
import type { Store } from '../store.ts';
import { type Account, defaultAccount, NOW, newId } from './samples.ts';

/** A store under test. */
export interface Rig {
  readonly store: Store;
  /** Another instance over the same data, as another process would have it. Closed with the rig. */
  peer(): Promise<Store>;
  /** The tables, bare: for control experiments that go behind the store's back. Closed with the rig. */
  database(): Promise<Database>;
  close(): Promise<void>;
}

export type OpenRig = () => Promise<Rig>;

/** One empty store for a group of tests; each test works in accounts of its own. */
export function useRig(
  open: OpenRig,
): Omit<Rig, 'close'> & { account(sms?: number, voice?: number): Promise<Account> } {
  let rig: Rig | undefined;
  beforeAll(async () => {
    rig = await open();
  });
  afterAll(() => rig?.close());
  const current = () => {
    if (rig === undefined) throw new Error('used outside of a test');
    return rig;
  };
  return {
    get store() {
      return current().store;
    },
    peer: () => current().peer(),
    database: () => current().database(),
    async account(sms = 1000, voice = 1000) {
      const account = defaultAccount();
      await current().store.accounts.create(account);
      for (const [pool, amount] of [
        ['sms', sms],
        ['voice', voice],
      ] as const) {
        if (amount > 0) {
          await current().store.credits.grant({
            accountId: account.id,
            id: newId(),
            pool,
            amount,
            note: null,
            at: NOW,
          });
        }
      }
      return account;
    },
  };
}
