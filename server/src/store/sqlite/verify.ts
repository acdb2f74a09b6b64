import type { DatabaseSync } from 'node:sqlite';
import { judgeVerify } from '../../rules/judge-verify.ts';
import type { CheckFacts, VerificationQuery } from '../tables/verifications.ts';
import type { Calls } from './calls.ts';
import { commit } from './commit.ts';
import { verifyLoader } from './load-verify.ts';
import { verifySaver } from './save-verified.ts';

/** Loads what a batch touches, has it judged, saves the verdicts' rows: one transaction, one fsync. */
export function verifyIn(db: DatabaseSync): Calls['verify'] {
  const load = verifyLoader(db);
  const save = verifySaver(db);
  return (batch, node, now) =>
    commit(db, () => {
      const state = load(batch);
      const { verdicts, writes } = judgeVerify(batch, state, now);
      save(writes, state.verifications, node, now);
      return verdicts;
    });
}

const FACTS = `account_id AS accountId, id, mode, dialect, number_digest AS numberDigest, code_digest AS codeDigest,
  ip_digest AS ipDigest`;

/** Looks up what codes are compared with. For a thread that only reads, too. */
export function verificationFinder(db: DatabaseSync): Calls['findVerifications'] {
  const byId = db.prepare(`SELECT ${FACTS} FROM verifications WHERE id = ? AND account_id = ?`);
  const byNumber = (more: string) =>
    db.prepare(
      `SELECT ${FACTS} FROM verifications WHERE number_digest = ? AND account_id = ? AND mode = ? AND dialect = ? ${more}
       ORDER BY id DESC LIMIT 1`,
    );
  const newest = byNumber('');
  const newestPending = byNumber("AND state = 'pending' AND expires_at > ?");

  function find(query: VerificationQuery, now: number): CheckFacts | null {
    const { accountId, mode, dialect } = query;
    if ('id' in query) return (byId.get(query.id, accountId) as CheckFacts | undefined) ?? null;
    const whose = [query.numberDigest, accountId, mode, dialect] as const;
    const row = query.among === 'all' ? newest.get(...whose) : newestPending.get(...whose, now);
    return (row as CheckFacts | undefined) ?? null;
  }

  return (queries, now) => queries.map((query) => find(query, now));
}
