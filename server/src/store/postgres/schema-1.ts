import { bumps } from './ddl.ts';

/**
 * The tables of the shared store. Every one that belongs to an account is keyed by it first, so that the database can be split by
 * account. Ids are `uuid`; everything else reads as it does in the embedded store. Texts in indexes are compared byte by byte
 * (COLLATE "C"), as there: by a language's rules it takes several times as long.
 */
export const firstSchema = `
CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  login text COLLATE "C" NOT NULL UNIQUE,
  country text NOT NULL,
  time_zone text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  settings text NOT NULL,
  created_at bigint NOT NULL,
  disabled_at bigint
);

CREATE TABLE users (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  email text COLLATE "C" NOT NULL UNIQUE,
  password_hash text NOT NULL,
  role text NOT NULL CHECK (role IN ('operator', 'member')),
  profile text NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE sessions (
  digest text COLLATE "C" PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('access', 'refresh')),
  family text COLLATE "C" NOT NULL,
  user_id uuid NOT NULL,
  account_id uuid NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX sessions_family ON sessions (family);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  account_id uuid,
  kind text NOT NULL CHECK (kind IN ('api_key', 'product_token', 'admin_token')),
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  digest text COLLATE "C" NOT NULL UNIQUE,
  hint text NOT NULL,
  name text NOT NULL,
  created_at bigint NOT NULL,
  last_used_at bigint,
  revoked_at bigint,
  CHECK ((account_id IS NULL) = (kind = 'admin_token'))
);
CREATE INDEX api_keys_account ON api_keys (account_id);

-- Half-empty pages: a balance changes with every batch, and its new version then fits beside the old one.
CREATE TABLE balances (
  account_id uuid NOT NULL,
  pool text NOT NULL CHECK (pool IN ('sms', 'voice')),
  granted bigint NOT NULL CHECK (granted >= 0),
  held bigint NOT NULL CHECK (held >= 0),
  captured bigint NOT NULL CHECK (captured >= 0),
  PRIMARY KEY (account_id, pool),
  CHECK (granted - held - captured >= 0)
) WITH (fillfactor = 50);

CREATE TABLE counters (
  account_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  value bigint NOT NULL CHECK (value >= 0),
  PRIMARY KEY (account_id, name)
) WITH (fillfactor = 50);

-- Append-only. One row opens a subject (phase 0), one ends it (phase 1): a second end of a hold does not fit in.
CREATE TABLE credit_entries (
  account_id uuid NOT NULL,
  subject uuid NOT NULL,
  phase smallint NOT NULL,
  kind text NOT NULL,
  pool text NOT NULL CHECK (pool IN ('sms', 'voice')),
  amount bigint NOT NULL CHECK (amount >= 0 OR kind = 'grant'),
  note text,
  at bigint NOT NULL,
  PRIMARY KEY (account_id, subject, phase),
  CHECK ((phase = 0 AND kind IN ('grant', 'hold')) OR (phase = 1 AND kind IN ('capture', 'release')))
);

CREATE TABLE otps (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  ordinal bigint NOT NULL,
  delivery_id uuid NOT NULL,
  dialect text NOT NULL CHECK (dialect IN ('tingting', 'octopush', 'cm', 'native')),
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  channel text NOT NULL CHECK (channel IN ('sms', 'voice')),
  number bigint,
  number_digest text COLLATE "C" NOT NULL,
  number_sealed text,
  content_sealed text,
  code_digest text,
  options text NOT NULL,
  max_attempts integer NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  keep_content_until bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX otps_list ON otps (account_id, ordinal);
CREATE VIEW otps_by_number AS SELECT * FROM otps;
CREATE INDEX otps_number_digest ON otps (account_id, number_digest);
CREATE INDEX otps_content ON otps (keep_content_until) WHERE content_sealed IS NOT NULL;

CREATE TABLE deliveries (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  otp_id uuid NOT NULL,
  channel text NOT NULL CHECK (channel IN ('sms', 'voice')),
  pool text NOT NULL CHECK (pool IN ('sms', 'voice')),
  credits bigint NOT NULL CHECK (credits >= 0),
  segments integer NOT NULL,
  state text NOT NULL
    CHECK (state IN ('queued', 'submitted', 'sent', 'delivered', 'undelivered', 'failed', 'expired')),
  reason text CHECK (reason IN ('carrier_refused', 'carrier_error', 'carrier_unreachable', 'outcome_unknown', 'no_carrier',
    'receipt_undelivered', 'receipt_rejected', 'receipt_expired', 'receipt_missing', 'code_expired', 'content_lost', 'store_lost')),
  node text COLLATE "C",
  due_at bigint,
  tries integer NOT NULL,
  handovers integer NOT NULL,
  carrier text,
  parts integer NOT NULL,
  parts_delivered integer NOT NULL,
  settled smallint NOT NULL CHECK (settled IN (0, 1)),
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  submitted_at bigint,
  final_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX deliveries_queue ON deliveries (node, id) WHERE state = 'queued';
CREATE INDEX deliveries_receipt_due ON deliveries (due_at) WHERE state = 'submitted';

CREATE TABLE attempts (
  account_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  n integer NOT NULL,
  part integer NOT NULL,
  carrier text COLLATE "C" NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('accepted', 'refused', 'unknown', 'not_sent')),
  code integer,
  message_id text COLLATE "C",
  at bigint NOT NULL,
  receipt text CHECK (receipt IN ('delivered', 'failed')),
  receipt_code text,
  receipt_at bigint,
  PRIMARY KEY (account_id, delivery_id, n, part)
);
CREATE INDEX attempts_message ON attempts (carrier, message_id) WHERE message_id IS NOT NULL;

CREATE TABLE parked_receipts (
  carrier text COLLATE "C" NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  state text NOT NULL CHECK (state IN ('delivered', 'undelivered', 'rejected', 'expired', 'deleted', 'unknown')),
  code text,
  at bigint NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (carrier, message_id)
);

CREATE TABLE limits (
  account_id uuid NOT NULL,
  subject text COLLATE "C" NOT NULL,
  tats text NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (account_id, subject)
);
CREATE INDEX limits_age ON limits (expires_at);

CREATE TABLE idempotency (
  account_id uuid NOT NULL,
  key text COLLATE "C" NOT NULL,
  body_digest text NOT NULL,
  otp_id uuid,
  delivery_id uuid,
  number bigint,
  answer_sealed text,
  keep_until bigint NOT NULL,
  PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_age ON idempotency (keep_until);

CREATE TABLE nodes (
  node text COLLATE "C" PRIMARY KEY,
  alive_until bigint NOT NULL,
  taken_at bigint
);

CREATE TABLE carriers (
  name text COLLATE "C" PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('smpp')),
  priority integer NOT NULL,
  enabled smallint NOT NULL CHECK (enabled IN (0, 1)),
  config_sealed text NOT NULL,
  updated_at bigint NOT NULL
);

CREATE TABLE handset_messages (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  number_digest text NOT NULL,
  sealed text NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX handset_messages_age ON handset_messages (received_at);

-- One cell with a known text: a node whose keys cannot open it may not serve.
CREATE TABLE key_proof (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sealed TEXT NOT NULL
);

-- What caches are checked against. Triggers, so that no way of writing can forget it.
CREATE TABLE revision (value bigint NOT NULL);
INSERT INTO revision VALUES (1);
CREATE FUNCTION bump_revision() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN UPDATE revision SET value = value + 1; RETURN NULL; END $$;
${bumps('accounts')}
${bumps('users')}
${bumps('carriers')}
${bumps('api_keys', 'OF account_id, kind, mode, digest, name, revoked_at')}
`;
