import type { Cargo } from '../delivery/cargo.ts';
import type { OtpContent, OtpNumber } from '../delivery/content.ts';
import type { AcceptRequest, LimitCheck, Replay } from '../rules/accept.ts';
import { owesCallback } from '../rules/callback.ts';
import { addressSubject, numberSubject } from '../rules/subjects.ts';
import { lookAt } from '../rules/verification.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import { answerPlace } from '../vault/answer-place.ts';
import type { Vault } from '../vault/vault.ts';
import { type EndUserAddress, endUserAddress } from './end-user-address.ts';
import { failureChecks } from './failure-checks.ts';
import type { SendBase, VerificationPart } from './send-otp.ts';
import type { SendFacts } from './verification.ts';

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

interface Drawn {
  readonly otpId: string;
  readonly deliveryId: string;
  readonly now: number;
  /** When the code dies. */
  readonly expiresAt: number;
  /** Until when it is tried to send it. */
  readonly sendUntil: number;
}

/** However long a code may be checked, it is kept in clear, and waits for an uplink, no longer than this. */
const LONGEST_KEPT_MS = 86_400_000;

/** Its ids, and when its code dies: what is sent again has its first send's. */
export function draw({ ttlMs, verification }: SendBase, { clock, ids }: DraftDeps): Drawn {
  const now = clock.now();
  const deliveryId = ids();
  const [otpId, expiresAt] =
    verification === null || verification.kind === 'start'
      ? [ids(), now + ttlMs]
      : [verification.id, verification.expiresAt];
  return { otpId, deliveryId, now, expiresAt, sendUntil: Math.min(expiresAt, now + LONGEST_KEPT_MS) };
}

/** Seals what is secret, and puts the request together. */
export function sealed<C extends OtpContent>(
  send: SendBase,
  drawn: Drawn,
  content: C,
  ofChannel: OfChannel,
  { vault }: Pick<DraftDeps, 'vault'>,
): AcceptRequest {
  const { account, code, verification } = send;
  const { otpId, deliveryId, now, expiresAt, sendUntil } = drawn;
  const { e164 } = send.number;
  const address = addressOf(verification);
  const numberDigest = vault.numberDigest(account.id, e164);
  const number: OtpNumber = { e164, asSent: send.numberAsSent };
  const keeper = verification === null || verification.kind === 'start' ? otpId : deliveryId;
  const whole = verification?.kind === 'start' ? { ...content, messages: verification.messages } : content;
  return {
    accountId: account.id,
    otpId,
    deliveryId,
    dialect: send.dialect,
    mode: send.mode,
    numberDigest,
    numberSealed: vault.seal({ account: account.id, row: otpId, column: 'number' }, JSON.stringify(number)),
    contentSealed: vault.seal({ account: account.id, row: keeper, column: 'content' }, JSON.stringify(whole)),
    // Bound to the number by its digest, which stands beside it: a check needs no cell opened.
    codeDigest: vault.codeDigest(account.id, otpId, numberDigest, code),
    verification: verification && verificationPart(send, verification, drawn, { numberDigest, address }, vault),
    via: send.via,
    options: send.options,
    pool: ofChannel.channel,
    needed: ofChannel.credits,
    maxAttempts: send.maxAttempts,
    createdAt: now,
    expiresAt,
    sendUntil,
    keepContentUntil:
      verification === null ? Math.max(expiresAt, now + account.settings.revealSeconds * 1000) : sendUntil,
    numbered: send.numbered,
    limits: limitsOf(send, ofChannel, { numberDigest, address }, vault),
    replay: send.replay && replayOf(send, drawn, ofChannel, vault),
    ...ofChannel,
  };
}

/** Who gets the code, as limits and checks know them. */
interface EndUser {
  /** One for all spellings of the number. */
  readonly numberDigest: string;
  /** Null: not known. */
  readonly address: EndUserAddress | null;
}

function addressOf(verification: VerificationPart | null): EndUserAddress | null {
  return verification?.kind === 'start' && verification.ip !== null ? endUserAddress(verification.ip) : null;
}

/** What the rules and the store are told of the verification that a send is for. */
function verificationPart(
  { account, mode }: SendBase,
  part: VerificationPart,
  { otpId, now, expiresAt }: Drawn,
  { numberDigest, address }: EndUser,
  vault: Vault,
): AcceptRequest['verification'] {
  const failures = failureChecks(mode, numberDigest, null);
  if (part.kind !== 'start') return { kind: part.kind, step: part.step, failures };
  const { steps, bindIp, callbackUrl, metadata, warnings } = part;
  return {
    ...{ kind: 'start', steps, failures },
    dueAt: lookAt({ steps, step: 0, lastSentAt: now, expiresAt }),
    ipDigest: address && bindIp ? vault.addressDigest(account.id, address.exact) : null,
    callback: owesCallback(account, mode, 'verification', callbackUrl),
    callbackSealed:
      callbackUrl === null ? null : vault.seal({ account: account.id, row: otpId, column: 'callback' }, callbackUrl),
    metadata: JSON.stringify(metadata),
    warnings: JSON.stringify(warnings),
  };
}

/** The limits that a send counts against. */
function limitsOf(
  send: SendBase,
  { channel }: OfChannel,
  { numberDigest, address }: EndUser,
  vault: Vault,
): LimitCheck[] {
  const { id, settings } = send.account;
  const checks: LimitCheck[] = [
    { name: 'number', subject: numberSubject(numberDigest), rules: settings.numberLimits },
    { name: 'country', subject: `c:${send.number.country}:${channel}`, rules: settings.countryLimits },
    { name: 'account', subject: 'account', rules: settings.accountLimits },
  ];
  if (address !== null) {
    const subject = addressSubject(vault.addressDigest(id, address.network));
    checks.push({ name: 'address', subject, rules: settings.addressLimits });
  }
  return checks.filter(({ rules }) => rules.length > 0);
}

/** An idempotency key with the answer that its replays get, sealed: it goes into the commit that accepts the send. */
function replayOf(
  { account, replay }: SendBase,
  { otpId, deliveryId, now, expiresAt }: Drawn,
  { channel, segments, credits, call }: OfChannel,
  vault: Vault,
): Replay | null {
  if (replay === null) return null;
  const { answer, ...key } = replay;
  if (answer === undefined) return key;
  const facts: SendFacts = {
    ...{ id: otpId, deliveryId, channel, segments, credits, createdAt: now, expiresAt },
    spokenSeconds: (call?.spokenMs ?? 0) / 1000,
  };
  return { ...key, answerSealed: vault.seal(answerPlace(account.id, replay.key), answer(facts)) };
}
