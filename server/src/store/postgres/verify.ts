import { judgeVerify } from '../../rules/judge-verify.ts';
import type { VerifyRequest, VerifyVerdict } from '../../rules/verify.ts';
import type { CheckFacts, QueryById, QueryByNumber, VerificationQuery } from '../tables/verifications.ts';
import { texts, uuids } from './binary-array.ts';
import type { Connections } from './connections.ts';
import { loadVerify } from './load-verify.ts';
import { saveVerified } from './save-verified.ts';

/** Loads and locks what a batch touches, has it judged, saves the verdicts' rows: one transaction, one fsync. */
export async function verify(
  connections: Connections,
  batch: readonly VerifyRequest[],
  node: string,
  now: number,
): Promise<readonly VerifyVerdict[]> {
  return connections.commit(async (connection, behind) => {
    const { verdicts, writes } = judgeVerify(batch, await loadVerify(connection, batch, now), now);
    saveVerified(connection, behind, writes, node, now);
    return verdicts;
  });
}

const FACTS = `v.account_id AS "accountId", v.id, v.mode, v.dialect, v.number_digest AS "numberDigest",
  v.code_digest AS "codeDigest", v.ip_digest AS "ipDigest"`;
const BY_ID = {
  name: 'find verifications',
  text: `SELECT ${FACTS} FROM verifications v JOIN unnest($1::uuid[], $2::uuid[]) AS wanted (account_id, id) USING (account_id, id)`,
};
const BY_NUMBER = {
  name: 'find newest verifications',
  text: `SELECT found.*, wanted.among FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
      AS wanted (account_id, number_digest, mode, dialect, among) CROSS JOIN LATERAL (
      SELECT ${FACTS} FROM verifications v
      WHERE v.account_id = wanted.account_id AND v.number_digest = wanted.number_digest AND v.mode = wanted.mode
        AND v.dialect = wanted.dialect AND (wanted.among = 'all' OR (v.state = 'pending' AND v.expires_at > $6))
      ORDER BY v.id DESC LIMIT 1
    ) AS found`,
};

type Facts = CheckFacts & Record<string, unknown>;

/** Looks up what codes are compared with. */
export async function findVerifications(
  connections: Connections,
  queries: readonly VerificationQuery[],
  now: number,
): Promise<readonly (CheckFacts | null)[]> {
  const ids = queries.filter((query): query is QueryById => 'id' in query);
  const numbers = queries.filter((query): query is QueryByNumber => !('id' in query));
  const connection = await connections.take();
  try {
    const [byId, byNumber] = await Promise.all([
      ids.length === 0
        ? []
        : connection.query<Facts>(BY_ID, [uuids(ids.map((one) => one.accountId)), uuids(ids.map((one) => one.id))]),
      numbers.length === 0
        ? []
        : connection.query<Facts & { among: string }>(BY_NUMBER, [
            uuids(numbers.map((one) => one.accountId)),
            texts(numbers.map((one) => one.numberDigest)),
            texts(numbers.map((one) => one.mode)),
            texts(numbers.map((one) => one.dialect)),
            texts(numbers.map((one) => one.among)),
            now,
          ]),
    ]);
    const found = new Map<string, CheckFacts>();
    for (const row of 'rows' in byId ? byId.rows : []) found.set(`${row.accountId} ${row.id}`, row);
    for (const row of 'rows' in byNumber ? byNumber.rows : []) found.set(numberKey(row), row);
    return queries.map(
      (query) => found.get('id' in query ? `${query.accountId} ${query.id}` : numberKey(query)) ?? null,
    );
  } finally {
    connection.release();
  }
}

type ByNumber = Pick<CheckFacts, 'accountId' | 'numberDigest' | 'mode' | 'dialect'> & { readonly among: string };

function numberKey({ accountId, numberDigest, mode, dialect, among }: ByNumber): string {
  return `${accountId} ${mode} ${dialect} ${among} ${numberDigest}`;
}
