import type { AcceptRequest, AcceptVerdict, VerificationStart } from '../../rules/accept.ts';
import { defaultSettings } from '../../rules/account-settings.ts';
import { NOBODY_LISTENS } from '../../rules/callback.ts';
import type { Outcome, OutcomeNext, Receipt } from '../../rules/outcome.ts';
import { idSource } from '../../values/id.ts';
import { ManualClock } from '../../values/manual-clock.ts';
import { systemRandom } from '../../values/random.ts';
import type { Account } from '../tables/accounts.ts';

export type { Account } from '../tables/accounts.ts';

/** The instant at which the contract's tests play. */
export const NOW = new ManualClock().now();
export const newId = idSource(new ManualClock(NOW), systemRandom());

let accounts = 0;

export function defaultAccount(over: Partial<Account> = {}): Account {
  accounts += 1;
  return {
    id: newId(),
    name: 'Acme',
    login: `acme-${accounts}-${newId()}`,
    country: 'NP',
    timeZone: 'Asia/Kathmandu',
    mode: 'test',
    settings: defaultSettings,
    listens: NOBODY_LISTENS,
    createdAt: NOW,
    disabledAt: null,
    ...over,
  };
}

/** A send of one credit, without limits, to a number of its own. */
export function request(accountId: string, over: Partial<AcceptRequest> = {}): AcceptRequest {
  const otpId = newId();
  return {
    accountId,
    otpId,
    deliveryId: newId(),
    dialect: 'tingting',
    mode: 'live',
    channel: 'sms',
    numberDigest: otpId.replaceAll('-', '').slice(-22),
    numberSealed: 'sealed number',
    contentSealed: 'sealed content',
    codeDigest: 'digest',
    verification: null,
    via: null,
    options: '{"otp_options":"generated"}',
    pool: 'sms',
    credits: 1,
    needed: over.credits ?? 1,
    segments: 1,
    call: null,
    callback: false,
    maxAttempts: 5,
    createdAt: NOW,
    expiresAt: NOW + 300_000,
    sendUntil: over.expiresAt ?? NOW + 300_000,
    keepContentUntil: NOW + 86_400_000,
    numbered: true,
    limits: [],
    replay: null,
    ...over,
  };
}

/** What makes a send the first of a verification: one message, no workflow. */
export function startOf(over: Partial<VerificationStart> = {}): VerificationStart {
  return {
    kind: 'start',
    steps: [{ channel: 'sms', carrier: null, waitMs: 0 }],
    dueAt: NOW + 300_000,
    failures: [],
    ipDigest: null,
    callback: false,
    callbackSealed: null,
    metadata: '{}',
    warnings: '[]',
    ...over,
  };
}

/** What a node reports of a try whose parts got `ids` from carrier `c`. */
export function outcome(
  { accountId, deliveryId }: Pick<AcceptRequest, 'accountId' | 'deliveryId'>,
  node: string,
  ids: readonly (string | null)[],
  next: OutcomeNext = { kind: 'await_receipt', until: NOW + 600_000, parts: ids.length },
  n = 1,
): Outcome {
  const parts = ids.map((messageId, i) => ({ part: i + 1, outcome: 'accepted' as const, code: 0, messageId }));
  return { accountId, deliveryId, node, at: NOW, attempt: { n, carrier: 'c', parts }, next };
}

export function receipt(messageId: string, over: Partial<Receipt> = {}): Receipt {
  return { carrier: 'c', messageId, state: 'delivered', code: '000', at: NOW + 1000, ...over };
}

export function acceptedOf(verdicts: readonly AcceptVerdict[]): (AcceptVerdict & { accepted: true })[] {
  return verdicts.filter((verdict) => verdict.accepted);
}

/** The refusal's code of each verdict, or `accepted`. */
export function codesOf(verdicts: readonly AcceptVerdict[]): string[] {
  return verdicts.map((verdict) => (verdict.accepted ? 'accepted' : verdict.refusal.code));
}
