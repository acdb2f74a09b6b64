import type { Store } from '../store/store.ts';
import type { IdSource } from '../values/id.ts';
import { CHUNK, type Chore, paced } from './chore.ts';
import { daysOver, PERIODS } from './periods.ts';

interface Deps {
  readonly store: Pick<Store, 'accounts' | 'retention' | 'audit'>;
  readonly ids: IdSource;
}

/** How often accounts are gone through: numbers may be kept this much longer than their period. */
const EVERY_MS = 5 * 60_000;
/** Accounts gone through in one step: between steps a service that stops is let go. */
const ACCOUNTS_AT_ONCE = 100;

/** What keeps the schedule of `periods.ts` where rows stay, and only what they say goes. */
export function retentionChores({ store, ids }: Deps): readonly Chore[] {
  const { retention, audit } = store;

  async function eraseNumbers(accountId: string, now: number): Promise<void> {
    while ((await retention.eraseNumbers(accountId, now - PERIODS.numbers, now, CHUNK)).seen >= CHUNK);
  }

  async function foldLedger(accountId: string, now: number): Promise<void> {
    const before = daysOver(PERIODS.ledger, now);
    let after: string | null = null;
    for (let more = true; more; ) {
      const { seen, last } = await fold(accountId, before, after, now);
      more = seen >= CHUNK;
      after = last;
    }
  }

  function fold(accountId: string, before: number, after: string | null, now: number) {
    return retention.foldLedger(accountId, before, CHUNK, after, { id: ids(), at: now });
  }

  return [
    { name: 'erase_own_content', run: (now) => retention.eraseOwnContent(now, CHUNK) },
    { name: 'erase_due', run: (now) => retention.eraseDue(now, CHUNK) },
    paced({ name: 'erase_numbers', run: forEachAccount(store.accounts, eraseNumbers) }, EVERY_MS),
    paced({ name: 'fold_ledger', run: forEachAccount(store.accounts, foldLedger) }, EVERY_MS),
    paced(
      { name: 'trim_audit', run: (now) => audit.trim(daysOver(PERIODS.audit, now), CHUNK, { id: ids(), at: now }) },
      EVERY_MS,
    ),
  ];
}

/** A chore that goes through all accounts, some in each step; one that fails begins anew where it was. */
function forEachAccount(
  accounts: Pick<Store['accounts'], 'list'>,
  work: (accountId: string, now: number) => Promise<void>,
): Chore['run'] {
  let after: string | null = null;
  return async (now) => {
    const found = await accounts.list(ACCOUNTS_AT_ONCE, after);
    for (const { id } of found) await work(id, now);
    after = found.length < ACCOUNTS_AT_ONCE ? null : (found.at(-1)?.id ?? null);
    return after === null ? 0 : CHUNK;
  };
}
