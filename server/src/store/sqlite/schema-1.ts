import { bumps, oneOf } from './ddl.ts';

/** As they were when this step was released; see `schema-2.ts`. */
const FIRST_REASONS = [
  'carrier_refused',
  'carrier_error',
  'carrier_unreachable',
  'outcome_unknown',
  'no_carrier',
  'receipt_undelivered',
  'receipt_rejected',
  'receipt_expired',
  'receipt_missing',
  'code_expired',
  'content_lost',
  'store_lost',
] as const;

export const DELIVERY_INDEXES = `
CREATE INDEX deliveries_queue ON deliveries (node) WHERE state = 'queued';
CREATE INDEX deliveries_receipt_due ON deliveries (due_at) WHERE state = 'submitted';`;

/** The table of deliveries: made anew, under another name, by a step that must change what its checks allow. */
export function deliveriesTable(name: string, reasons: readonly string[], more = ''): string {
  return `CREATE TABLE ${name} (
  account_id TEXT NOT NULL,
  id TEXT PRIMARY KEY,
  otp_id TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (${oneOf('channel', 'sms', 'voice')}),
  pool TEXT NOT NULL CHECK (${oneOf('pool', 'sms', 'voice')}),
  credits INTEGER NOT NULL CHECK (credits >= 0),
  segments INTEGER NOT NULL,
  state TEXT NOT NULL
    CHECK (${oneOf('state', 'queued', 'submitted', 'sent', 'delivered', 'undelivered', 'failed', 'expired')}),
  reason TEXT CHECK (reason IS NULL OR ${oneOf('reason', ...reasons)}),
  node TEXT,
  due_at INTEGER,
  tries INTEGER NOT NULL,
  handovers INTEGER NOT NULL,
  carrier TEXT,
  parts INTEGER NOT NULL,
  parts_delivered INTEGER NOT NULL,
  settled INTEGER NOT NULL CHECK (settled IN (0, 1)),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  submitted_at INTEGER,
  final_at INTEGER${more}
) STRICT;`;
}

/** Otps stand in buckets of 1,024, in the order they were made. */
const BUCKET_BITS = 10;

/**
 * The tables of the embedded store.
 *
 * What a commit costs here is the number of pages it touches: each is written whole, to the log and later to the database. So
 * the tables that grow with traffic are appended to: their ids (UUIDv7) sort by time and stand alone in their indexes, without the
 * account before them. An index in random order would add a page to every single send.
 */
export const firstSchema = `
CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  login TEXT NOT NULL UNIQUE,
  country TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (${oneOf('mode', 'test', 'live')}),
  settings TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL CHECK (${oneOf('role', 'operator', 'member')}),
  profile TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  digest TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (${oneOf('kind', 'access', 'refresh')}),
  family TEXT NOT NULL,
  user_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_family ON sessions (family);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  account_id TEXT,
  kind TEXT NOT NULL CHECK (${oneOf('kind', 'api_key', 'product_token', 'admin_token')}),
  mode TEXT NOT NULL CHECK (${oneOf('mode', 'test', 'live')}),
  digest TEXT NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER,
  CHECK ((account_id IS NULL) = (kind = 'admin_token'))
) STRICT, WITHOUT ROWID;
CREATE INDEX api_keys_account ON api_keys (account_id);

CREATE TABLE balances (
  account_id TEXT NOT NULL,
  pool TEXT NOT NULL CHECK (${oneOf('pool', 'sms', 'voice')}),
  granted INTEGER NOT NULL CHECK (granted >= 0),
  held INTEGER NOT NULL CHECK (held >= 0),
  captured INTEGER NOT NULL CHECK (captured >= 0),
  PRIMARY KEY (account_id, pool),
  CHECK (granted - held - captured >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL CHECK (value >= 0),
  PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

-- Append-only. One row opens a subject (phase 0), one ends it (phase 1): a second end of a hold does not fit in.
CREATE TABLE credit_entries (
  account_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  phase INTEGER NOT NULL,
  kind TEXT NOT NULL,
  pool TEXT NOT NULL CHECK (${oneOf('pool', 'sms', 'voice')}),
  amount INTEGER NOT NULL CHECK (amount >= 0 OR kind = 'grant'),
  note TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (account_id, subject, phase),
  CHECK ((phase = 0 AND kind IN ('grant', 'hold')) OR (phase = 1 AND kind IN ('capture', 'release')))
) STRICT, WITHOUT ROWID;

CREATE TABLE otps (
  seq INTEGER PRIMARY KEY,
  bucket INTEGER NOT NULL GENERATED ALWAYS AS (seq >> ${BUCKET_BITS}) VIRTUAL,
  account_id TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  ordinal INTEGER NOT NULL,
  delivery_id TEXT NOT NULL,
  dialect TEXT NOT NULL CHECK (${oneOf('dialect', 'tingting', 'octopush', 'cm', 'native')}),
  mode TEXT NOT NULL CHECK (${oneOf('mode', 'test', 'live')}),
  channel TEXT NOT NULL CHECK (${oneOf('channel', 'sms', 'voice')}),
  number INTEGER,
  number_digest TEXT NOT NULL,
  number_sealed TEXT,
  content_sealed TEXT,
  code_digest TEXT,
  options TEXT NOT NULL,
  max_attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  keep_content_until INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX otps_list ON otps (account_id, ordinal);
CREATE INDEX otps_content ON otps (keep_content_until) WHERE content_sealed IS NOT NULL;

-- Who was sent to? Digests come in random order, so they are sorted within buckets: new ones meet only the pages of
-- the newest bucket, a dozen. A look-up asks every bucket: 4,900 for 5 million otps, 15 ms.
CREATE INDEX otps_number_digest ON otps (bucket, number_digest);
CREATE VIEW otps_by_number AS
  WITH RECURSIVE buckets (bucket) AS (
    SELECT 0 UNION ALL SELECT bucket + 1 FROM buckets WHERE bucket < (SELECT max(seq) >> ${BUCKET_BITS} FROM otps)
  )
  SELECT otps.* FROM buckets CROSS JOIN otps ON otps.bucket = buckets.bucket;

${deliveriesTable('deliveries', FIRST_REASONS)}
${DELIVERY_INDEXES}

CREATE TABLE attempts (
  account_id TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  part INTEGER NOT NULL,
  carrier TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (${oneOf('outcome', 'accepted', 'refused', 'unknown', 'not_sent')}),
  code INTEGER,
  message_id TEXT,
  at INTEGER NOT NULL,
  receipt TEXT CHECK (receipt IS NULL OR ${oneOf('receipt', 'delivered', 'failed')}),
  receipt_code TEXT,
  receipt_at INTEGER,
  PRIMARY KEY (delivery_id, n, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_message ON attempts (carrier, message_id) WHERE message_id IS NOT NULL;

CREATE TABLE parked_receipts (
  carrier TEXT NOT NULL,
  message_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (${oneOf('state', 'delivered', 'undelivered', 'rejected', 'expired', 'deleted', 'unknown')}),
  code TEXT,
  at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (carrier, message_id)
) STRICT, WITHOUT ROWID;

-- A log: the newest row of a subject counts. AUTOINCREMENT, for a reader that knows the log up to a row must not miss one.
CREATE TABLE limits (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  tats TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX limits_age ON limits (expires_at);

CREATE TABLE idempotency (
  account_id TEXT NOT NULL,
  key TEXT NOT NULL,
  body_digest TEXT NOT NULL,
  otp_id TEXT,
  delivery_id TEXT,
  number INTEGER,
  answer_sealed TEXT,
  keep_until INTEGER NOT NULL,
  PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (keep_until);

CREATE TABLE nodes (
  node TEXT PRIMARY KEY,
  alive_until INTEGER NOT NULL,
  taken_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE carriers (
  name TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (${oneOf('kind', 'smpp')}),
  priority INTEGER NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  config_sealed TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE handset_messages (
  account_id TEXT NOT NULL,
  id TEXT NOT NULL,
  number_digest TEXT NOT NULL,
  sealed TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX handset_messages_age ON handset_messages (received_at);

-- One cell with a known text: a node whose keys cannot open it may not serve.
CREATE TABLE key_proof (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sealed TEXT NOT NULL
) STRICT;

-- What caches are checked against. Triggers, so that no way of writing can forget it.
CREATE TABLE revision (value INTEGER NOT NULL) STRICT;
INSERT INTO revision VALUES (1);
${bumps('accounts')}
${bumps('users')}
${bumps('carriers')}
${bumps('api_keys', 'OF account_id, kind, mode, digest, name, revoked_at')}
`;
