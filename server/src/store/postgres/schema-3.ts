/** Verifications: codes that are checked here, sent again, and by further steps. */
export const thirdSchema = `
-- \`id\` is the otp's. A row of its own, and a narrow one: each check rewrites it, within its page where there is room.
CREATE TABLE verifications (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  dialect text NOT NULL CHECK (dialect IN ('tingting', 'octopush', 'cm', 'native')),
  number_digest text COLLATE "C" NOT NULL,
  state text NOT NULL
    CHECK (state IN ('pending', 'approved', 'canceled', 'expired', 'max_attempts_reached', 'undeliverable')),
  failures integer NOT NULL CHECK (failures >= 0 AND failures <= max_attempts),
  max_attempts integer NOT NULL,
  code_digest text,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  final_at bigint,
  delivery_id uuid NOT NULL,
  sends integer NOT NULL,
  last_sent_at bigint NOT NULL,
  steps text NOT NULL,
  step integer NOT NULL,
  due_at bigint,
  ip_digest text,
  callback smallint NOT NULL CHECK (callback IN (0, 1)),
  callback_sealed text,
  metadata text NOT NULL,
  warnings text NOT NULL,
  converted smallint CHECK (converted IN (0, 1)),
  PRIMARY KEY (account_id, id),
  CHECK ((state = 'pending') = (final_at IS NULL)),
  CHECK (state = 'pending' OR (code_digest IS NULL AND due_at IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX verifications_list ON verifications (account_id, created_at, id);
CREATE INDEX verifications_number ON verifications (account_id, number_digest, id);
CREATE INDEX verifications_due ON verifications (due_at) WHERE state = 'pending';

-- Times of failed checks by whom they count against, oldest first, as JSON.
CREATE TABLE failures (
  account_id uuid NOT NULL,
  subject text COLLATE "C" NOT NULL,
  times text NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (account_id, subject)
) WITH (fillfactor = 70);
CREATE INDEX failures_age ON failures USING brin (expires_at);

-- \`via\`: the uplink that is asked first. \`content_sealed\`: what a further send says; null: what its otp's cell says.
ALTER TABLE deliveries ADD COLUMN verification smallint NOT NULL DEFAULT 0 CHECK (verification IN (0, 1));
ALTER TABLE deliveries ADD COLUMN via text COLLATE "C";
ALTER TABLE deliveries ADD COLUMN content_sealed text;
CREATE INDEX deliveries_of_verification ON deliveries (account_id, otp_id) WHERE verification = 1;

-- What came of a request that changes a verification, for its replays.
ALTER TABLE idempotency ADD COLUMN verdict text;
`;
