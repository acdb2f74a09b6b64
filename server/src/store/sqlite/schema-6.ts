/** The audit log, and how far retention has come. */
export const sixthSchema = `
-- A chain: each row's hash covers the one before it. \`detail\` is a flat JSON object.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  account_id TEXT,
  request_id TEXT,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

-- Where the chain ends: whoever appends holds this row. \`trimmed\`: rows up to it have outlived their time, and may go.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  trimmed INTEGER NOT NULL
) STRICT;
INSERT INTO audit_head VALUES (1, 0, '${'0'.repeat(64)}', 0);

CREATE TRIGGER audit_not_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_not_removed BEFORE DELETE ON audit WHEN OLD.seq > (SELECT trimmed FROM audit_head)
  BEGIN SELECT raise(ABORT, 'audit rows are kept until retention trims them'); END;

-- \`erased_through\`: the account's otps up to this ordinal tell no number any more.
CREATE TABLE retention (
  account_id TEXT PRIMARY KEY,
  erased_through INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Those among them whose code is checked for longer than numbers are kept: erased once it cannot be.
CREATE TABLE erasures_due (
  account_id TEXT NOT NULL,
  otp_id TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, otp_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasures_due_at ON erasures_due (due_at);

-- Further sends of verifications, which have a cell of their own, until it is erased: other sends never enter this index.
CREATE INDEX deliveries_content ON deliveries (expires_at) WHERE content_sealed IS NOT NULL;
`;
