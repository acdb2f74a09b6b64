import { oneOf } from './ddl.ts';

/** Verifications: codes that are checked here, sent again, and by further steps. */
export const thirdSchema = `
-- \`id\` is the otp's. A row of its own, and a narrow one: each check rewrites it. Ids sort by time, so those that are checked now
-- stand on the same few pages.
CREATE TABLE verifications (
  account_id TEXT NOT NULL,
  id TEXT PRIMARY KEY,
  mode TEXT NOT NULL CHECK (${oneOf('mode', 'test', 'live')}),
  dialect TEXT NOT NULL CHECK (${oneOf('dialect', 'tingting', 'octopush', 'cm', 'native')}),
  number_digest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (${oneOf('state', 'pending', 'approved', 'canceled', 'expired', 'max_attempts_reached', 'undeliverable')}),
  failures INTEGER NOT NULL CHECK (failures >= 0 AND failures <= max_attempts),
  max_attempts INTEGER NOT NULL,
  code_digest TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  final_at INTEGER,
  delivery_id TEXT NOT NULL,
  sends INTEGER NOT NULL,
  last_sent_at INTEGER NOT NULL,
  steps TEXT NOT NULL,
  step INTEGER NOT NULL,
  due_at INTEGER,
  ip_digest TEXT,
  callback INTEGER NOT NULL CHECK (callback IN (0, 1)),
  callback_sealed TEXT,
  metadata TEXT NOT NULL,
  warnings TEXT NOT NULL,
  converted INTEGER CHECK (converted IS NULL OR converted IN (0, 1)),
  CHECK ((state = 'pending') = (final_at IS NULL)),
  CHECK (state = 'pending' OR (code_digest IS NULL AND due_at IS NULL))
) STRICT;
CREATE INDEX verifications_list ON verifications (account_id, created_at, id);
-- The newest of a number. Digests come in random order: one page more a verification, which a check by number is worth.
CREATE INDEX verifications_number ON verifications (number_digest, id);
CREATE INDEX verifications_due ON verifications (due_at) WHERE state = 'pending';

-- Times of failed checks by whom they count against, oldest first, as JSON.
CREATE TABLE failures (
  account_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  times TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX failures_age ON failures (expires_at);

-- \`via\`: the uplink that is asked first. \`content_sealed\`: what a further send says; null: what its otp's cell says.
ALTER TABLE deliveries ADD COLUMN verification INTEGER NOT NULL DEFAULT 0 CHECK (verification IN (0, 1));
ALTER TABLE deliveries ADD COLUMN via TEXT;
ALTER TABLE deliveries ADD COLUMN content_sealed TEXT;
CREATE INDEX deliveries_of_verification ON deliveries (otp_id) WHERE verification = 1;

-- What came of a request that changes a verification, for its replays.
ALTER TABLE idempotency ADD COLUMN verdict TEXT;
`;
