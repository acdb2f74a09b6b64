import type { Clock } from '../../values/clock.ts';
import type { Store } from '../store.ts';
import { sweepTables } from '../sweep.ts';
import { callbackReads } from '../tables/callbacks.ts';
import { erasureStore } from '../tables/erasure.ts';
import { lastingTables } from '../tables/lasting-tables.ts';
import { verificationStore } from '../tables/verification-store.ts';
import { accept } from './accept.ts';
import { postgresCallbacks } from './callbacks.ts';
import { connectionsTo, KEYS_ONLY } from './connections.ts';
import { postgresKysely } from './kysely.ts';
import { postgresLeases } from './leases.ts';
import { limitForgetter, sweepLimits } from './limits.ts';
import { migrate } from './migrate.ts';
import { closeOverdue, settle } from './settle.ts';
import { takeDue } from './take-due.ts';
import { findVerifications, verify } from './verify.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; the user may create tables in it. */
  readonly databaseUrl: string;
  readonly clock: Clock;
}

/** Batches take turns anyway: a few lanes keep accept, settle and claim from waiting for each other. */
const HOT_CONNECTIONS = 4;
/** For everything else: a slow list must never keep an accept from its connection. */
const CALM_CONNECTIONS = 6;

/** The shared store: PostgreSQL 13 or newer, for one node or many. Rejects when the server cannot be reached or is newer. */
export async function openPostgres({ databaseUrl, clock }: PostgresOptions): Promise<Store> {
  const hot = connectionsTo(databaseUrl, { size: HOT_CONNECTIONS, options: KEYS_ONLY, pipeline: true });
  const calm = connectionsTo(databaseUrl, { size: CALM_CONNECTIONS });
  async function close(): Promise<void> {
    await Promise.all([hot.close(), calm.close()]);
  }

  try {
    await migrate(calm, clock.now());
  } catch (error) {
    await close();
    throw error;
  }
  const db = postgresKysely(calm);
  const { claim, ...leases } = postgresLeases(hot);
  return {
    kind: 'postgres',
    get doubts() {
      return hot.doubts + calm.doubts;
    },
    accept: (batch, node, now) => accept(hot, batch, node, now),
    settle: (outcomes, receipts, node, now) => settle(hot, outcomes, receipts, node, now),
    verify: (batch, node, now) => verify(hot, batch, node, now),
    claim,
    closeOverdue: (now, limit) => closeOverdue(hot, now, limit),
    async sweep(now, limit) {
      return (await sweepLimits(hot, now, limit)) + (await sweepTables(db, now, limit));
    },
    ...lastingTables(db, leases),
    erasure: erasureStore(db, limitForgetter(db)),
    callbacks: { ...postgresCallbacks(hot), ...callbackReads(db) },
    verifications: {
      find: (queries, now) => findVerifications(hot, queries, now),
      ...verificationStore(db, takeDue(hot)),
    },
    close,
  };
}
