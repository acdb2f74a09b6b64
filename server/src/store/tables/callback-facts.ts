import type { Channel } from '../../errors.ts';
import type { Dialect, Mode } from '../../rules/accept.ts';
import type { Reason } from '../../rules/outcome.ts';
import type { Database } from '../schema.ts';
import { byAccount } from './by-account.ts';
import { type CallRow, callsOf } from './calls.ts';

/** What a sealed place for callbacks becomes when it is erased. Null would say that none was named, and have others told. */
export const ERASED_PLACE = '';

/** What a message's callback tells, by its delivery. */
export interface MessageFacts {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly otpId: string;
  readonly dialect: Dialect;
  readonly mode: Mode;
  readonly number: number | null;
  readonly numberSealed: string | null;
  readonly carrier: string | null;
  readonly segments: number;
  readonly credits: number;
  readonly reason: Reason | null;
  readonly createdAt: number;
  readonly finalAt: number | null;
}

/** What a verification's callback tells. */
export interface VerificationFacts {
  readonly accountId: string;
  readonly id: string;
  readonly dialect: Dialect;
  readonly mode: Mode;
  readonly numberSealed: string | null;
  /** Of the last send. */
  readonly channel: Channel;
  readonly failures: number;
  readonly maxAttempts: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** The place that it named for its callbacks; null: it named none. `ERASED_PLACE` once it was erased. */
  readonly callbackSealed: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly finalAt: number | null;
}

/** What a callback tells of. */
export interface Subject {
  readonly accountId: string;
  readonly subjectId: string;
}

/** What is to be told: one query for many of a kind, in any order; those that are gone are left out. */
export interface CallbackFacts {
  calls(of: readonly Subject[]): Promise<readonly CallRow[]>;
  messages(of: readonly Subject[]): Promise<readonly MessageFacts[]>;
  verifications(of: readonly Subject[]): Promise<readonly VerificationFacts[]>;
}

export function callbackFacts(db: Database): CallbackFacts {
  return {
    calls: (of) =>
      callsOf(
        db,
        of.map(({ accountId, subjectId }) => ({ accountId, id: subjectId })),
      ),
    async messages(of) {
      if (of.length === 0) return [];
      return db
        .selectFrom('deliveries')
        .innerJoin('otps', (join) =>
          join.onRef('otps.account_id', '=', 'deliveries.account_id').onRef('otps.id', '=', 'deliveries.otp_id'),
        )
        .select(['deliveries.account_id as accountId', 'deliveries.id as deliveryId', 'otps.id as otpId'])
        .select(['otps.dialect', 'otps.mode', 'otps.number', 'otps.number_sealed as numberSealed'])
        .select(['deliveries.carrier', 'deliveries.segments', 'deliveries.credits', 'deliveries.reason'])
        .select(['deliveries.created_at as createdAt', 'deliveries.final_at as finalAt'])
        .where(({ eb, or, and }) =>
          or(
            [...byAccount(of.map(keyOf))].map(([accountId, ids]) =>
              and([eb('deliveries.account_id', '=', accountId), eb('deliveries.id', 'in', ids)]),
            ),
          ),
        )
        .execute();
    },
    async verifications(of) {
      if (of.length === 0) return [];
      const rows = await db
        .selectFrom('verifications as v')
        .innerJoin('otps as o', (join) => join.onRef('o.account_id', '=', 'v.account_id').onRef('o.id', '=', 'v.id'))
        .innerJoin('deliveries as d', (join) =>
          join.onRef('d.account_id', '=', 'v.account_id').onRef('d.id', '=', 'v.delivery_id'),
        )
        .select(['v.account_id as accountId', 'v.id', 'v.dialect', 'v.mode', 'o.number_sealed as numberSealed'])
        .select(['d.channel', 'v.failures', 'v.max_attempts as maxAttempts', 'v.metadata'])
        .select(['v.callback_sealed as callbackSealed', 'v.created_at as createdAt', 'v.expires_at as expiresAt'])
        .select('v.final_at as finalAt')
        .where(({ eb, or, and }) =>
          or(
            [...byAccount(of.map(keyOf))].map(([accountId, ids]) =>
              and([eb('v.account_id', '=', accountId), eb('v.id', 'in', ids)]),
            ),
          ),
        )
        .execute();
      return rows.map((row) => ({ ...row, metadata: JSON.parse(row.metadata) as Record<string, string> }));
    },
  };
}

function keyOf({ accountId, subjectId }: Subject): [accountId: string, id: string] {
  return [accountId, subjectId];
}
