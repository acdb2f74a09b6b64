import type { AuditLog, By } from '../accounts/audit-log.ts';
import { PassbellError } from '../errors.ts';
import type { Dialect, Mode } from '../rules/accept.ts';
import type { Store } from '../store/store.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { Erased } from '../store/tables/erasure.ts';
import type { PhoneNumber } from '../values/phone-number.ts';
import type { Vault } from '../vault/vault.ts';
import { CHUNK } from './chore.ts';

/** What was erased, in rows. */
export interface Erasure extends Erased {
  /** Verifications that ran until then. */
  readonly canceled: number;
}

/**
 * Erases at once all that an account keeps of a number: who was sent to, what was said, what counted against it. Verifications that still run
 * are canceled first. Rejects with `conflict` (`to`) while something is on its way to the number, for that needs it: nothing is then
 * erased, or all but what began in the middle of it, and a moment later it can be asked again.
 */
export type ErasesNumber = (account: Account, number: PhoneNumber, by: By) => Promise<Erasure>;

/** A verification to that number that is to be canceled first. */
export interface RunningVerification {
  readonly account: Account;
  readonly id: string;
  readonly mode: Mode;
  readonly dialect: Dialect;
}

interface Deps {
  readonly store: Pick<Store, 'erasure'>;
  readonly vault: Pick<Vault, 'numberDigest'>;
  readonly cancel: (running: RunningVerification) => Promise<unknown>;
  readonly audit: AuditLog;
}

export function numberEraser({ store, vault, cancel, audit }: Deps): ErasesNumber {
  return async (account, { e164 }, by) => {
    const digest = vault.numberDigest(account.id, e164);
    const { running } = await store.erasure.underWay(account.id, digest);
    for (const one of running) await cancel({ account, ...one });
    // Looked at only now: until it was canceled, a verification may have sent once more.
    if ((await store.erasure.underWay(account.id, digest)).sends > 0) throw onItsWay();
    const erased = await store.erasure.eraseNumber(account.id, digest, CHUNK);
    const counts = { canceled: running.length, ...erased };
    await audit({
      ...by,
      ...{ action: 'number.erase', objectType: 'account', objectId: account.id, accountId: account.id },
      detail: counts,
    });
    // What began meanwhile needs its number, and was left.
    const late = await store.erasure.underWay(account.id, digest);
    if (late.running.length + late.sends > 0) throw onItsWay();
    return counts;
  };
}

function onItsWay(): PassbellError {
  return new PassbellError('conflict', { field: 'to', reason: 'something_is_on_its_way_to_it' });
}

/** An erasure as answers show it. */
export function erasureJson({ canceled, sends, verifications, calls, handsetMessages, handsetCalls }: Erasure) {
  return {
    ...{ canceled, sends, verifications, calls },
    handset_messages: handsetMessages,
    handset_calls: handsetCalls,
  };
}
