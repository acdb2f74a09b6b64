import { sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { NodeStore, Store } from '../store.ts';
import { accountStore } from './accounts.ts';
import { audioStore } from './audio.ts';
import { auditStore } from './audit.ts';
import { callbackEndpointStore } from './callback-endpoints.ts';
import { callStore } from './calls.ts';
import { creditStore } from './credits.ts';
import { exportStore } from './exports.ts';
import { handsetStore } from './handset.ts';
import { handsetCallStore } from './handset-calls.ts';
import { keyProofStore } from './key-proof.ts';
import { keyStore } from './keys.ts';
import { messageStore } from './messages.ts';
import { otpStore } from './otp-store.ts';
import { replayStore } from './replays.ts';
import { retentionStore } from './retention.ts';
import { signingSecretStore } from './signing-secrets.ts';
import { strayStore } from './strays.ts';
import { templateStore } from './templates.ts';
import { uplinkStore } from './uplinks.ts';
import { userStore } from './users.ts';

type Lasting = Pick<
  Store,
  | 'nodes'
  | 'accounts'
  | 'users'
  | 'keys'
  | 'keyProof'
  | 'credits'
  | 'otps'
  | 'calls'
  | 'messages'
  | 'strays'
  | 'callbackEndpoints'
  | 'signingSecrets'
  | 'audio'
  | 'templates'
  | 'carriers'
  | 'trunks'
  | 'handset'
  | 'handsetCalls'
  | 'replays'
  | 'audit'
  | 'exports'
  | 'retention'
  | 'revision'
  | 'ping'
>;

/** All of a store that is written once for every engine; leases are the engine's own, for they go by its clock. */
export function lastingTables(db: Database, leases: Pick<NodeStore, 'beat' | 'leave'>): Lasting {
  return {
    nodes: {
      ...leases,
      list: () =>
        db
          .selectFrom('nodes')
          .select(['node', 'alive_until as aliveUntil'])
          .where('taken_at', 'is', null)
          .orderBy('node')
          .execute(),
    },
    accounts: accountStore(db),
    users: userStore(db),
    keys: keyStore(db),
    keyProof: keyProofStore(db),
    credits: creditStore(db),
    otps: otpStore(db),
    calls: callStore(db),
    messages: messageStore(db),
    strays: strayStore(db),
    callbackEndpoints: callbackEndpointStore(db),
    signingSecrets: signingSecretStore(db),
    audio: audioStore(db),
    templates: templateStore(db),
    carriers: uplinkStore(db, 'smpp'),
    trunks: uplinkStore(db, 'sip'),
    handset: handsetStore(db),
    handsetCalls: handsetCallStore(db),
    replays: replayStore(db),
    audit: auditStore(db),
    exports: exportStore(db),
    retention: retentionStore(db),
    async revision() {
      const { value } = await db.selectFrom('revision').select('value').executeTakeFirstOrThrow();
      return value;
    },
    async ping() {
      await db.selectNoFrom(sql.lit(1).as('one')).execute();
    },
  };
}
