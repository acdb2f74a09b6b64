import type { Delivery } from '../delivery/delivery.ts';
import type { Uplinks } from '../delivery/uplinks.ts';
import { PassbellError, refusalError } from '../errors.ts';
import { judgeDestination } from '../guard/destination.ts';
import type { AcceptRequest, LimitCheck } from '../rules/accept.ts';
import type { OutboundSms } from '../sms/carrier.ts';
import { encodeSms } from '../sms/encode.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import type { Random } from '../values/random.ts';
import type { Vault } from '../vault/vault.ts';
import type { OtpContent, OtpNumber } from './content.ts';
import type { SendOtp, SendsOtp, SentOtp } from './send-otp.ts';

interface Deps {
  readonly delivery: Delivery;
  readonly uplinks: Uplinks;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
}

/** Sends codes: asks the guard, prices and seals the message, and commits it. See `SendsOtp` for what it rejects with. */
export function otpSender(deps: Deps): SendsOtp {
  return async (send) => {
    refuseEarly(send, deps.uplinks);
    const { request, sms } = prepare(send, deps);
    const verdict = await deps.delivery.submit(request, sms);
    if (!verdict.accepted) throw refusalError(verdict.refusal);
    const { otpId, number, available, fresh } = verdict;
    return { otpId, number, segments: request.segments, credits: request.credits, available, fresh } satisfies SentOtp;
  };
}

/** What needs no store to be refused. */
function refuseEarly({ account, mode, channel, number }: SendOtp, uplinks: Uplinks): void {
  const permitted = { home: account.country, countries: account.settings.countries, live: mode === 'live' };
  const reason = judgeDestination(number, permitted);
  if (reason !== null) throw new PassbellError('destination_refused', { reason });
  if (channel === 'voice') throw new PassbellError('channel_unavailable', { channel, reason: 'not_built' });
  if (uplinks.carriers(mode).length === 0)
    throw new PassbellError('channel_unavailable', { channel, reason: 'no_carrier' });
}

function prepare(send: SendOtp, { vault, clock, random, ids }: Deps): { request: AcceptRequest; sms: OutboundSms } {
  const { account, code, text } = send;
  const { e164 } = send.number;
  const now = clock.now();
  const otpId = ids();
  const deliveryId = ids();
  const from = send.sender ?? account.settings.sender;
  const expiresAt = now + send.ttlMs;
  const { encoding, parts } = encodeSms(text, random.below(256));
  const numberDigest = vault.numberDigest(account.id, e164);
  const content: OtpContent = { code: code.reveal(), text, from };
  const number: OtpNumber = { e164, asSent: send.numberAsSent };
  const request: AcceptRequest = {
    accountId: account.id,
    otpId,
    deliveryId,
    dialect: send.dialect,
    mode: send.mode,
    channel: send.channel,
    numberDigest,
    numberSealed: vault.seal({ account: account.id, row: otpId, column: 'number' }, JSON.stringify(number)),
    contentSealed: vault.seal({ account: account.id, row: otpId, column: 'content' }, JSON.stringify(content)),
    codeDigest: vault.codeDigest(account.id, otpId, e164, code),
    options: send.options,
    pool: 'sms',
    credits: parts.length,
    segments: parts.length,
    maxAttempts: send.maxAttempts,
    createdAt: now,
    expiresAt,
    keepContentUntil: Math.max(expiresAt, now + account.settings.revealSeconds * 1000),
    numbered: send.numbered,
    limits: limitsOf(account, numberDigest),
    replay: send.replay,
  };
  const sms: OutboundSms = { id: deliveryId, accountId: account.id, to: e164, from, text, encoding, parts, expiresAt };
  return { request, sms };
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
