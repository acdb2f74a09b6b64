import type { LimitRule } from './gcra.ts';

/** What an account can choose; stored as JSON, every absent field at its default. */
export interface AccountSettings {
  /** TingTing's 2026 rule: `company_name` is required and echoed. */
  readonly requireCompanyName: boolean;
  /** The SMS sender when a request names none; null: the carrier's own. */
  readonly sender: string | null;
  /** Senders that requests may name. */
  readonly senders: readonly string[];
  /** TingTing's old path, voice: which voice speaks when the request names none. */
  readonly defaultVoice: string;
  /** How long a code may be shown again in lists, seconds, 0 … 2,592,000. */
  readonly revealSeconds: number;
  /**
   * How long a code lives, seconds, 30 … 86,400: of TingTing's API, and of /v1/verifications where the request has no `ttl`; and how long a
   * call of CM.com's is tried. Octopush's requests have a default of their own.
   */
  readonly ttlSeconds: number;
  /** Limits for one destination number. Empty: none. */
  readonly numberLimits: readonly LimitRule[];
  /** Limits for one address of an end user (IPv6: one network of 64 bits), where requests name it. Empty: none. */
  readonly addressLimits: readonly LimitRule[];
  /** Limits for one country over one channel. Empty: none. */
  readonly countryLimits: readonly LimitRule[];
  /** Limits for the whole account. Empty: none. */
  readonly accountLimits: readonly LimitRule[];
  /** Where the account is told of final states; null: nowhere. A call may name another place for itself. */
  readonly callbackUrl: string | null;
  /** Countries that may be sent to, ISO 3166-1 alpha-2; null: the account's own alone; `['*']`: all. */
  readonly countries: readonly string[] | null;
}

const MINUTE = 60_000;

export const defaultSettings: AccountSettings = {
  requireCompanyName: false,
  sender: null,
  senders: [],
  defaultVoice: 'np_rija',
  revealSeconds: 86_400,
  ttlSeconds: 300,
  numberLimits: [
    { count: 3, periodMs: 10 * MINUTE },
    { count: 5, periodMs: 60 * MINUTE },
    { count: 10, periodMs: 24 * 60 * MINUTE },
  ],
  // Many people may sit behind one address.
  addressLimits: [
    { count: 20, periodMs: 60 * MINUTE },
    { count: 100, periodMs: 24 * 60 * MINUTE },
  ],
  countryLimits: [],
  accountLimits: [],
  callbackUrl: null,
  countries: null,
};
