import { groupCommit } from '../store/group-commit.ts';
import type { Store } from '../store/store.ts';
import type { CheckFacts, VerificationQuery } from '../store/tables/verifications.ts';
import type { Clock } from '../values/clock.ts';
import type { Vault } from '../vault/vault.ts';
import { type EndUserAddress, endUserAddress } from './end-user-address.ts';
import { failureChecks } from './failure-checks.ts';
import type { Verdicts } from './verdicts.ts';
import type { Asker, CheckAsk, Checked, Verifications } from './verification.ts';

export interface CheckDeps {
  readonly store: { readonly verifications: Pick<Store['verifications'], 'find'> };
  readonly verdicts: Pick<Verdicts, 'on'>;
  readonly vault: Vault;
  readonly clock: Clock;
}

/** Stands for a verification that there is not: no UUIDv7 is all zeros. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Checks codes. What a code is compared with is read first, many in one query; it never changes, so the comparison needs no lock. What the
 * comparison leads to (counting, approving) is judged and committed under one.
 */
export function codeChecker({ store, verdicts, vault, clock }: CheckDeps): Verifications['check'] {
  const look = groupCommit<VerificationQuery, CheckFacts | null>((queries) =>
    store.verifications.find(queries, clock.now()),
  );

  function find(ask: CheckAsk): Promise<CheckFacts | null> | null {
    const { account, mode, dialect, id, number, among } = ask;
    const whose = { accountId: account.id, mode, dialect };
    if (id !== null) return UUID.test(id) ? look.add({ ...whose, id }) : null;
    if (number === null) return null;
    return look.add({ ...whose, numberDigest: vault.numberDigest(account.id, number.e164), among });
  }

  function isRight({ account, code }: CheckAsk, facts: CheckFacts, address: EndUserAddress | null): boolean {
    const { id, numberDigest, codeDigest, ipDigest } = facts;
    // Compared in any case: how long an answer takes does not tell which of the two was wrong.
    const codeFits = codeDigest !== null && vault.verifyCode(account.id, id, numberDigest, code, codeDigest);
    const placeFits =
      ipDigest === null || address === null || vault.addressDigest(account.id, address.exact) === ipDigest;
    return codeFits && placeFits;
  }

  return async (ask): Promise<Checked> => {
    const found = await find(ask);
    const facts = found !== null && belongsTo(found, ask) && fitsNumber(found, ask, vault) ? found : null;
    // Of a replay the answer is known, also when the verification that it was for is not the newest any more.
    if (facts === null && ask.replay === null) return { kind: 'not_found' };
    const address = ask.ip === null ? null : endUserAddress(ask.ip);
    const network = address && vault.addressDigest(ask.account.id, address.network);
    const verdict = await verdicts.on({
      ...{ kind: 'check', accountId: ask.account.id, id: facts?.id ?? NOBODY, replay: ask.replay },
      right: facts !== null && isRight(ask, facts, address),
      failures: facts === null ? [] : failureChecks(ask.mode, facts.numberDigest, network),
    });
    return checked(verdict);
  };
}

/** One of another mode or dialect is not found. */
export function belongsTo(
  { mode, dialect }: Pick<CheckFacts, 'mode' | 'dialect'>,
  asker: Pick<Asker, 'mode' | 'dialect'>,
): boolean {
  return mode === asker.mode && dialect === asker.dialect;
}

function fitsNumber({ numberDigest }: CheckFacts, { account, number }: CheckAsk, vault: Vault): boolean {
  return number === null || vault.numberDigest(account.id, number.e164) === numberDigest;
}

function checked({ id, fresh, result }: Awaited<ReturnType<Verdicts['on']>>): Checked {
  switch (result.kind) {
    case 'approved':
      return { kind: 'approved', id, fresh };
    case 'wrong':
      return { kind: 'wrong', id, remaining: result.remaining, fresh };
    case 'final':
      return { kind: 'final', id, state: result.state, fresh };
    case 'not_found':
      return { kind: 'not_found' };
    case 'done':
      throw new Error('a check that was not judged');
    default:
      return result satisfies never;
  }
}
