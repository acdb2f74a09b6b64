import type { Kysely } from 'kysely';
import type { Channel, Pool } from '../errors.ts';
import type { Dialect, Mode } from '../rules/accept.ts';
import type { CallOutcome } from '../rules/call-record.ts';
import type { CallbackEvent } from '../rules/callback.ts';
import type { AttemptPart, DeliveryState, Reason } from '../rules/outcome.ts';
import type { VerificationState } from '../rules/verification.ts';
import type { CreditEntry } from './tables/credits.ts';
import type { KeyKind } from './tables/keys.ts';
import type { Session, User } from './tables/users.ts';

/**
 * The tables as both engines have them. Times are milliseconds since the epoch, truth is 0 or 1, JSON and sealed cells are text:
 * what a column holds reads the same from either engine.
 */
export interface Schema {
  accounts: AccountColumns;
  users: UserColumns;
  sessions: SessionColumns;
  api_keys: KeyColumns;
  balances: { account_id: string; pool: Pool; granted: number; held: number; captured: number };
  counters: { account_id: string; name: string; value: number };
  credit_entries: CreditColumns;
  otps: OtpColumns;
  verifications: VerificationColumns;
  /** Times of failed checks, as JSON. */
  failures: { account_id: string; subject: string; times: string; expires_at: number };
  /** The same rows, for look-ups by `number_digest`: the embedded store finds them another way. */
  otps_by_number: OtpColumns;
  deliveries: DeliveryColumns;
  attempts: AttemptColumns;
  parked_receipts: {
    carrier: string;
    message_id: string;
    state: string;
    code: string | null;
    at: number;
    received_at: number;
  };
  limits: { account_id: string; subject: string; tats: unknown; expires_at: number };
  idempotency: IdempotencyColumns;
  nodes: { node: string; alive_until: number; taken_at: number | null };
  carriers: CarrierColumns<'smpp'>;
  trunks: CarrierColumns<'sip'>;
  calls: CallColumns;
  /** An account's own words; `texts` and `spoken` are JSON objects, by language. */
  templates: { account_id: string; name: string; texts: string; spoken: string; updated_at: number };
  callbacks: CallbackColumns;
  callback_endpoints: CallbackEndpointColumns;
  signing_secrets: SigningSecretColumns;
  audio: AudioColumns;
  handset_messages: HandsetColumns;
  revision: { value: number };
  key_proof: { id: number; sealed: string };
}

/** Every table but those of the hot path is read and written through this, on either engine. */
export type Database = Kysely<Schema>;

export interface AccountColumns {
  id: string;
  name: string;
  login: string;
  country: string;
  time_zone: string;
  mode: Mode;
  settings: string;
  created_at: number;
  disabled_at: number | null;
}

export interface UserColumns {
  id: string;
  account_id: string;
  email: string;
  password_hash: string;
  role: User['role'];
  profile: string;
  created_at: number;
}

export interface SessionColumns {
  digest: string;
  kind: Session['kind'];
  family: string;
  user_id: string;
  account_id: string;
  created_at: number;
  expires_at: number;
}

export interface KeyColumns {
  id: string;
  account_id: string | null;
  kind: KeyKind;
  mode: Mode;
  digest: string;
  hint: string;
  name: string;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

/** `phase` 0 opens (grant, hold), 1 ends (capture, release): the primary key lets a hold end once. */
export interface CreditColumns {
  account_id: string;
  subject: string;
  phase: 0 | 1;
  kind: CreditEntry['kind'];
  pool: Pool;
  amount: number;
  note: string | null;
  at: number;
}

export interface OtpColumns {
  account_id: string;
  id: string;
  /** The account's n-th otp, counted from 1 without gaps: the order of lists, and what makes an offset a look-up. */
  ordinal: number;
  /** The delivery that came last. */
  delivery_id: string;
  dialect: Dialect;
  mode: Mode;
  channel: Channel;
  number: number | null;
  number_digest: string;
  number_sealed: string | null;
  content_sealed: string | null;
  code_digest: string | null;
  options: string;
  max_attempts: number;
  created_at: number;
  expires_at: number;
  keep_content_until: number;
}

export interface DeliveryColumns {
  account_id: string;
  id: string;
  otp_id: string;
  channel: Channel;
  pool: Pool;
  credits: number;
  segments: number;
  state: DeliveryState;
  reason: Reason | null;
  /** Whose it is: while queued, the node that holds it in memory; once submitted, the node that submitted it. */
  node: string | null;
  due_at: number | null;
  tries: number;
  handovers: number;
  carrier: string | null;
  parts: number;
  parts_delivered: number;
  settled: 0 | 1;
  callback: 0 | 1;
  verification: 0 | 1;
  /** The uplink that is asked first. */
  via: string | null;
  /** What a further send of a verification says; null: what its otp's cell says. */
  content_sealed: string | null;
  created_at: number;
  expires_at: number;
  submitted_at: number | null;
  final_at: number | null;
}

export interface AttemptColumns {
  account_id: string;
  delivery_id: string;
  n: number;
  part: number;
  carrier: string;
  outcome: AttemptPart['outcome'];
  code: number | null;
  message_id: string | null;
  at: number;
  receipt: 'delivered' | 'failed' | null;
  receipt_code: string | null;
  receipt_at: number | null;
}

/** A code that is checked here; `id` is its otp's. */
export interface VerificationColumns {
  account_id: string;
  id: string;
  mode: Mode;
  dialect: Dialect;
  number_digest: string;
  state: VerificationState;
  failures: number;
  max_attempts: number;
  /** Null once it has ended. */
  code_digest: string | null;
  created_at: number;
  expires_at: number;
  final_at: number | null;
  delivery_id: string;
  sends: number;
  last_sent_at: number;
  /** `WorkflowStep[]` as JSON. */
  steps: string;
  step: number;
  due_at: number | null;
  ip_digest: string | null;
  callback: 0 | 1;
  callback_sealed: string | null;
  /** A flat JSON object of texts. */
  metadata: string;
  /** A JSON list of sentences. */
  warnings: string;
  converted: 0 | 1 | null;
}

/** A send (with its ids) or another request (with its sealed answer) that was made under an idempotency key. */
export interface IdempotencyColumns {
  account_id: string;
  key: string;
  body_digest: string;
  otp_id: string | null;
  delivery_id: string | null;
  number: number | null;
  answer_sealed: string | null;
  /** What came of a request that changes a verification, as JSON. */
  verdict: string | null;
  keep_until: number;
}

/** An uplink as its operator configured it: an SMPP carrier, or a SIP trunk. */
export interface CarrierColumns<Kind> {
  name: string;
  kind: Kind;
  priority: number;
  enabled: 0 | 1;
  config_sealed: string;
  updated_at: number;
}

export interface HandsetColumns {
  account_id: string;
  id: string;
  number_digest: string;
  sealed: string;
  received_at: number;
}

export interface CallColumns {
  account_id: string;
  /** The delivery's id. */
  id: string;
  otp_id: string;
  created_at: number;
  caller: string | null;
  anonymous: 0 | 1;
  instruction_id: string | null;
  spoken_ms: number;
  callback_sealed: string | null;
  warnings: string;
  ringing_at: number | null;
  answered_at: number | null;
  ended_at: number | null;
  outcome: CallOutcome | null;
  sip_status: number | null;
  sip_reason: string;
  cause: number | null;
  replays: number;
}

export interface CallbackColumns {
  account_id: string;
  id: string;
  /** The delivery or verification that it tells of, or the endpoint that it tries out. */
  subject_id: string;
  event: CallbackEvent;
  /** Null until it is known who wants it; `own`, or an endpoint's id. */
  receiver: string | null;
  state: 'pending' | 'delivered' | 'given_up' | 'disabled';
  attempts: number;
  /** The receiver's last HTTP status; null where it gave none. */
  status: number | null;
  node: string | null;
  due_at: number;
  created_at: number;
  final_at: number | null;
}

export interface CallbackEndpointColumns {
  account_id: string;
  id: string;
  mode: Mode;
  url_sealed: string;
  description: string;
  /** A JSON list of events, or of `*` alone. */
  events: string;
  state: 'enabled' | 'disabled';
  reason: 'gone' | 'switched_off' | null;
  created_at: number;
  updated_at: number;
}

export interface SigningSecretColumns {
  account_id: string;
  id: string;
  /** Null: the account's own. */
  endpoint: string | null;
  sealed: string;
  created_at: number;
  expires_at: number | null;
}

export interface AudioColumns {
  account_id: string;
  path: string;
  pcm: string;
  samples: number;
  source: string;
  updated_at: number;
}
