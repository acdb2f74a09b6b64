import { REASONS } from '../../rules/outcome.ts';
import { bumps } from './ddl.ts';

/** Calls and what belongs to them: their records, callbacks, audio, trunks, the sandbox phone's calls. */
export const secondSchema = `
ALTER TABLE deliveries DROP CONSTRAINT deliveries_reason_check;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_reason_check
  CHECK (reason IN (${REASONS.map((reason) => `'${reason}'`).join(', ')}));
ALTER TABLE deliveries ADD COLUMN callback smallint NOT NULL DEFAULT 0 CHECK (callback IN (0, 1));
-- Calls under way: a handful, looked over for those whose node stopped.
CREATE INDEX deliveries_in_call ON deliveries (node) WHERE state = 'submitted' AND channel = 'voice';

-- A call's record; \`id\` is its delivery's.
CREATE TABLE calls (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  otp_id uuid NOT NULL,
  created_at bigint NOT NULL,
  caller text,
  anonymous smallint NOT NULL CHECK (anonymous IN (0, 1)),
  instruction_id text,
  spoken_ms integer NOT NULL,
  callback_sealed text,
  warnings text NOT NULL,
  ringing_at bigint,
  answered_at bigint,
  ended_at bigint,
  outcome text CHECK (outcome IN ('completed', 'cancelled', 'rejected', 'failed')),
  sip_status integer,
  sip_reason text NOT NULL DEFAULT '',
  cause integer,
  replays integer NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX calls_list ON calls (account_id, created_at, id);

-- The outbox. A row is written in the commit that made its callback due, and is the writing node's until its first try failed.
CREATE TABLE callbacks (
  account_id uuid NOT NULL,
  id text COLLATE "C" NOT NULL,
  delivery_id uuid NOT NULL,
  event text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'delivered', 'given_up', 'disabled')),
  attempts integer NOT NULL,
  status integer,
  node text COLLATE "C",
  due_at bigint NOT NULL,
  created_at bigint NOT NULL,
  final_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX callbacks_owned ON callbacks (node) WHERE state = 'pending' AND node IS NOT NULL;
CREATE INDEX callbacks_due ON callbacks (due_at) WHERE state = 'pending' AND node IS NULL;
CREATE INDEX callbacks_age ON callbacks USING brin (created_at);

-- What callbacks are signed with. Two at most are in force: the second while the account moves over to it.
CREATE TABLE signing_secrets (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  sealed text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  PRIMARY KEY (account_id, id)
);

-- 8 kHz mono, 16 bit little-endian, as base64.
CREATE TABLE audio (
  account_id uuid NOT NULL,
  path text COLLATE "C" NOT NULL,
  pcm text NOT NULL,
  samples integer NOT NULL,
  source text NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, path)
);

CREATE TABLE trunks (
  name text COLLATE "C" PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('sip')),
  priority integer NOT NULL,
  enabled smallint NOT NULL CHECK (enabled IN (0, 1)),
  config_sealed text NOT NULL,
  updated_at bigint NOT NULL
);

-- The sandbox phone's calls, and what one node asks of the node that has one.
CREATE TABLE handset_calls (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  change_id uuid NOT NULL,
  node text COLLATE "C" NOT NULL,
  number_digest text COLLATE "C" NOT NULL,
  sealed text NOT NULL,
  started_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX handset_calls_changes ON handset_calls (account_id, change_id);
CREATE INDEX handset_calls_age ON handset_calls (started_at);
CREATE TABLE handset_errands (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  call_id uuid NOT NULL,
  node text COLLATE "C" NOT NULL,
  ask_sealed text NOT NULL,
  answer_sealed text,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX handset_errands_asked ON handset_errands (node, id) WHERE answer_sealed IS NULL;

${bumps('trunks')}
${bumps('audio')}
${bumps('signing_secrets')}
`;
