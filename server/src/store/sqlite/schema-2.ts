import { REASONS } from '../../rules/outcome.ts';
import { bumps, oneOf } from './ddl.ts';
import { DELIVERY_INDEXES, deliveriesTable } from './schema-1.ts';

const CALLBACK = ',\n  callback INTEGER NOT NULL DEFAULT 0 CHECK (callback IN (0, 1))';

/** Calls and what belongs to them: their records, callbacks, audio, trunks, the sandbox phone's calls. */
export const secondSchema = `
-- SQLite cannot change a check in place: the reasons for which a delivery may end are more now.
${deliveriesTable('deliveries_2', REASONS, CALLBACK)}
INSERT INTO deliveries_2 SELECT *, 0 FROM deliveries ORDER BY rowid;
DROP TABLE deliveries;
ALTER TABLE deliveries_2 RENAME TO deliveries;
${DELIVERY_INDEXES}
-- Calls under way: a handful, looked over for those whose node stopped.
CREATE INDEX deliveries_in_call ON deliveries (node) WHERE state = 'submitted' AND channel = 'voice';

-- A call's record; \`id\` is its delivery's.
CREATE TABLE calls (
  account_id TEXT NOT NULL,
  id TEXT PRIMARY KEY,
  otp_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  caller TEXT,
  anonymous INTEGER NOT NULL CHECK (anonymous IN (0, 1)),
  instruction_id TEXT,
  spoken_ms INTEGER NOT NULL,
  callback_sealed TEXT,
  warnings TEXT NOT NULL,
  ringing_at INTEGER,
  answered_at INTEGER,
  ended_at INTEGER,
  outcome TEXT CHECK (outcome IS NULL OR ${oneOf('outcome', 'completed', 'cancelled', 'rejected', 'failed')}),
  sip_status INTEGER,
  sip_reason TEXT NOT NULL DEFAULT '',
  cause INTEGER,
  replays INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX calls_list ON calls (account_id, created_at, id);

-- The outbox. A row is written in the commit that made its callback due, and is the writing node's until its first try failed.
-- Ids begin with their delivery's, which sorts by time: new rows stand together, and old ones are found without another index.
CREATE TABLE callbacks (
  account_id TEXT NOT NULL,
  id TEXT PRIMARY KEY,
  delivery_id TEXT NOT NULL,
  event TEXT NOT NULL,
  state TEXT NOT NULL CHECK (${oneOf('state', 'pending', 'delivered', 'given_up', 'disabled')}),
  attempts INTEGER NOT NULL,
  status INTEGER,
  node TEXT,
  due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  final_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX callbacks_owned ON callbacks (node) WHERE state = 'pending' AND node IS NOT NULL;
CREATE INDEX callbacks_due ON callbacks (due_at) WHERE state = 'pending' AND node IS NULL;

-- What callbacks are signed with. Two at most are in force: the second while the account moves over to it.
CREATE TABLE signing_secrets (
  account_id TEXT NOT NULL,
  id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- 8 kHz mono, 16 bit little-endian, as base64.
CREATE TABLE audio (
  account_id TEXT NOT NULL,
  path TEXT NOT NULL,
  pcm TEXT NOT NULL,
  samples INTEGER NOT NULL,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, path)
) STRICT;

CREATE TABLE trunks (
  name TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (${oneOf('kind', 'sip')}),
  priority INTEGER NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  config_sealed TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The sandbox phone's calls, and what one node asks of the node that has one.
CREATE TABLE handset_calls (
  account_id TEXT NOT NULL,
  id TEXT NOT NULL,
  change_id TEXT NOT NULL,
  node TEXT NOT NULL,
  number_digest TEXT NOT NULL,
  sealed TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX handset_calls_changes ON handset_calls (account_id, change_id);
CREATE INDEX handset_calls_age ON handset_calls (started_at);
CREATE TABLE handset_errands (
  account_id TEXT NOT NULL,
  id TEXT NOT NULL,
  call_id TEXT NOT NULL,
  node TEXT NOT NULL,
  ask_sealed TEXT NOT NULL,
  answer_sealed TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX handset_errands_asked ON handset_errands (node, id) WHERE answer_sealed IS NULL;

${bumps('trunks')}
${bumps('audio')}
${bumps('signing_secrets')}
`;
