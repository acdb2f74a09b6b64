/** The audit log, and how far retention has come. */
export const sixthSchema = `
-- A chain: each row's hash covers the one before it. \`detail\` is a flat JSON object.
CREATE TABLE audit (
  seq bigint PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  at bigint NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  object_type text NOT NULL,
  object_id text NOT NULL,
  account_id uuid,
  request_id text,
  detail text NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL
);

-- Where the chain ends: whoever appends holds this row. \`trimmed\`: rows up to it have outlived their time, and may go.
CREATE TABLE audit_head (
  id integer PRIMARY KEY CHECK (id = 1),
  seq bigint NOT NULL,
  hash text NOT NULL,
  trimmed bigint NOT NULL
);
INSERT INTO audit_head VALUES (1, 0, '${'0'.repeat(64)}', 0);

CREATE FUNCTION audit_not_changed() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'audit rows are never changed'; END $$;
CREATE FUNCTION audit_not_removed() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN
    IF OLD.seq > (SELECT trimmed FROM audit_head) THEN
      RAISE EXCEPTION 'audit rows are kept until retention trims them';
    END IF;
    RETURN OLD;
  END $$;
CREATE TRIGGER audit_not_changed BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_not_changed();
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_not_changed();
CREATE TRIGGER audit_not_removed BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_not_removed();

-- \`erased_through\`: the account's otps up to this ordinal tell no number any more.
CREATE TABLE retention (
  account_id uuid PRIMARY KEY,
  erased_through bigint NOT NULL
);

-- Those among them whose code is checked for longer than numbers are kept: erased once it cannot be.
CREATE TABLE erasures_due (
  account_id uuid NOT NULL,
  otp_id uuid NOT NULL,
  due_at bigint NOT NULL,
  PRIMARY KEY (account_id, otp_id)
);
CREATE INDEX erasures_due_at ON erasures_due (due_at);

-- Further sends of verifications, which have a cell of their own, until it is erased: other sends never enter this index.
CREATE INDEX deliveries_content ON deliveries (expires_at) WHERE content_sealed IS NOT NULL;
`;
