import type { CheckFacts, VerificationQuery } from '../store/tables/verifications.ts';
import type { Vault } from '../vault/vault.ts';
import { type EndUserAddress, endUserAddress } from './end-user-address.ts';
import { failureChecks } from './failure-checks.ts';
import type { FindsVerification } from './find-verification.ts';
import type { Verdicts } from './verdicts.ts';
import type { CheckAsk, Checked, Verifications } from './verification.ts';

interface CheckDeps {
  readonly find: FindsVerification;
  readonly verdicts: Pick<Verdicts, 'on'>;
  readonly vault: Vault;
}

/** Stands for no verification: no UUIDv7 is all zeros. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Checks codes. What a code is compared with is read first; it never changes, so the comparison needs no lock. What the comparison leads to
 * (counting, approving) is judged and committed under one.
 */
export function codeChecker({ find, verdicts, vault }: CheckDeps): Verifications['check'] {
  function isRight({ account, code }: CheckAsk, facts: CheckFacts, address: EndUserAddress | null): boolean {
    const { id, numberDigest, codeDigest, ipDigest } = facts;
    // Compared in any case: how long an answer takes does not tell which of the two was wrong.
    const codeFits = codeDigest !== null && vault.verifyCode(account.id, id, numberDigest, code, codeDigest);
    const placeFits =
      ipDigest === null || address === null || vault.addressDigest(account.id, address.exact) === ipDigest;
    return codeFits && placeFits;
  }

  return async (ask): Promise<Checked> => {
    const found = await find(queryOf(ask, vault));
    const facts = found !== null && fitsNumber(found, ask, vault) ? found : null;
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

function queryOf(ask: CheckAsk, vault: Vault): VerificationQuery {
  const { account, mode, dialect } = ask;
  const whose = { accountId: account.id, mode, dialect };
  if ('id' in ask) return { ...whose, id: ask.id };
  return { ...whose, numberDigest: vault.numberDigest(account.id, ask.number.e164), among: ask.among };
}

/** Whether one that was found by its id is of the number that stands beside it. */
function fitsNumber({ numberDigest }: CheckFacts, ask: CheckAsk, vault: Vault): boolean {
  if (!('id' in ask) || ask.number === null) return true;
  return vault.numberDigest(ask.account.id, ask.number.e164) === numberDigest;
}

function checked({ id, fresh, result }: Awaited<ReturnType<Verdicts['on']>>): Checked {
  switch (result.kind) {
    case 'approved':
      return { kind: 'approved', id, fresh };
    case 'wrong':
      return { ...result, id, fresh };
    case 'final':
      return { kind: 'final', id, state: result.state, fresh };
    case 'not_found':
      return { kind: 'not_found' };
    case 'done':
      throw new Error('a check that was judged as a wish');
    default:
      return result satisfies never;
  }
}
