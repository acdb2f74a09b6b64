import { bumps } from './ddl.ts';

/** Callback endpoints, and which receiver a callback is for. */
export const fourthSchema = `
-- Where an account's callbacks go besides its own URL: events of one mode, signed with secrets of its own.
CREATE TABLE callback_endpoints (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  url_sealed text NOT NULL,
  description text NOT NULL,
  events text NOT NULL,
  state text NOT NULL CHECK (state IN ('enabled', 'disabled')),
  reason text CHECK (reason IN ('gone', 'switched_off')),
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id),
  CHECK ((state = 'enabled') = (reason IS NULL))
);

-- Whose secret it is; null: the account's own.
ALTER TABLE signing_secrets ADD COLUMN endpoint uuid;

-- \`subject_id\`: a delivery, a verification, or the endpoint that is tried out. \`receiver\`: null until it is known who wants it, then
-- 'own' (the account's own URL, or the place that a request named) or an endpoint's id. What was there before was the account's own;
-- said by a default, which rewrites no row.
ALTER TABLE callbacks RENAME COLUMN delivery_id TO subject_id;
ALTER TABLE callbacks ADD COLUMN receiver text COLLATE "C" DEFAULT 'own';
ALTER TABLE callbacks ALTER COLUMN receiver DROP DEFAULT;
CREATE INDEX callbacks_list ON callbacks (account_id, created_at, id);

${bumps('callback_endpoints')}
`;
