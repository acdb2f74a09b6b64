import { bumps, oneOf } from './ddl.ts';

/** Callback endpoints, and which receiver a callback is for. */
export const fourthSchema = `
-- Where an account's callbacks go besides its own URL: events of one mode, signed with secrets of its own.
CREATE TABLE callback_endpoints (
  account_id TEXT NOT NULL,
  id TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (${oneOf('mode', 'test', 'live')}),
  url_sealed TEXT NOT NULL,
  description TEXT NOT NULL,
  events TEXT NOT NULL,
  state TEXT NOT NULL CHECK (${oneOf('state', 'enabled', 'disabled')}),
  reason TEXT CHECK (reason IS NULL OR ${oneOf('reason', 'gone', 'switched_off')}),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, id),
  CHECK ((state = 'enabled') = (reason IS NULL))
) STRICT, WITHOUT ROWID;

-- Whose secret it is; null: the account's own.
ALTER TABLE signing_secrets ADD COLUMN endpoint TEXT;

-- \`subject_id\`: a delivery, a verification, or the endpoint that is tried out. \`receiver\`: null until it is known who wants it, then
-- 'own' (the account's own URL, or the place that a request named) or an endpoint's id.
ALTER TABLE callbacks RENAME COLUMN delivery_id TO subject_id;
ALTER TABLE callbacks ADD COLUMN receiver TEXT;
UPDATE callbacks SET receiver = 'own';
CREATE INDEX callbacks_list ON callbacks (account_id, created_at, id);

${bumps('callback_endpoints')}
`;
