import type { Cargo } from '../delivery/cargo.ts';
import type { OtpContent, OtpNumber } from '../delivery/content.ts';
import type { AcceptRequest, LimitCheck } from '../rules/accept.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import type { Vault } from '../vault/vault.ts';
import type { SendBase } from './send-otp.ts';

/** A send that is ready to be committed, and what leaves once it is. */
export interface Draft {
  readonly request: AcceptRequest;
  readonly cargo: Cargo;
}

export interface DraftDeps {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** What the channel adds to a send. */
type OfChannel = Pick<AcceptRequest, 'channel' | 'credits' | 'segments' | 'call' | 'callback'>;

export interface Drawn {
  readonly otpId: string;
  readonly deliveryId: string;
  readonly now: number;
  readonly expiresAt: number;
}

/** Its ids, and when its code dies. */
export function draw({ ttlMs }: SendBase, { clock, ids }: DraftDeps): Drawn {
  const now = clock.now();
  return { otpId: ids(), deliveryId: ids(), now, expiresAt: now + ttlMs };
}

/** Seals what is secret, and puts the request together. */
export function sealed<C extends OtpContent>(
  send: SendBase,
  { otpId, deliveryId, now, expiresAt }: Drawn,
  content: C,
  ofChannel: OfChannel,
  { vault }: Pick<DraftDeps, 'vault'>,
): AcceptRequest {
  const { account, code } = send;
  const { e164 } = send.number;
  const numberDigest = vault.numberDigest(account.id, e164);
  const number: OtpNumber = { e164, asSent: send.numberAsSent };
  return {
    accountId: account.id,
    otpId,
    deliveryId,
    dialect: send.dialect,
    mode: send.mode,
    numberDigest,
    numberSealed: vault.seal({ account: account.id, row: otpId, column: 'number' }, JSON.stringify(number)),
    contentSealed: vault.seal({ account: account.id, row: otpId, column: 'content' }, JSON.stringify(content)),
    codeDigest: vault.codeDigest(account.id, otpId, e164, code),
    options: send.options,
    pool: ofChannel.channel,
    needed: ofChannel.credits,
    maxAttempts: send.maxAttempts,
    createdAt: now,
    expiresAt,
    keepContentUntil: Math.max(expiresAt, now + account.settings.revealSeconds * 1000),
    numbered: send.numbered,
    limits: limitsOf(account, numberDigest),
    replay: send.replay,
    ...ofChannel,
  };
}

/** The account's limits, by what they count. The number's digest is one for all its spellings. */
function limitsOf({ settings }: Account, numberDigest: string): LimitCheck[] {
  const checks: LimitCheck[] = [];
  if (settings.numberLimits.length > 0)
    checks.push({ name: 'number', subject: `n:${numberDigest}`, rules: settings.numberLimits });
  if (settings.accountLimits.length > 0)
    checks.push({ name: 'account', subject: 'account', rules: settings.accountLimits });
  return checks;
}
