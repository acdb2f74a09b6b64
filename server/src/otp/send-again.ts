import { openNumber } from '../delivery/callee.ts';
import type { OtpContent, VerificationMessages } from '../delivery/content.ts';
import { type Channel, PassbellError } from '../errors.ts';
import { stateAt } from '../rules/verification.ts';
import type { Account } from '../store/tables/accounts.ts';
import type { Verification } from '../store/tables/verifications.ts';
import { type PhoneNumber, parsePhoneNumber } from '../values/phone-number.ts';
import { Secret } from '../values/secret.ts';
import type { Vault } from '../vault/vault.ts';
import type { SenderDeps } from './send.ts';
import { sendVerification } from './send-verification.ts';
import type { ReplayedSend, SentVerification } from './verification.ts';

/** What a further send is: the same again, or the workflow's next step. */
interface Again {
  readonly kind: 'resend' | 'step';
  readonly step: number;
  readonly channel: Channel;
  readonly via: string | null;
}

/** Sends a verification's code once more. Rejects as its first send does, and with `verification_ended`. */
export async function sendAgain(
  verification: Verification,
  account: Account,
  again: Again,
  replay: ReplayedSend | null,
  deps: SenderDeps,
): Promise<SentVerification> {
  const { id, mode, dialect, maxAttempts, expiresAt, options } = verification;
  const { number, asSent, code, messages } = opened(verification, account, deps.vault, deps.clock.now());
  const { kind, step, channel, via } = again;
  const send = {
    ...{ account, mode, dialect, number, code, maxAttempts, options, replay, via },
    numberAsSent: asSent,
    ttlMs: expiresAt - deps.clock.now(),
    verification: { kind, id, step, expiresAt },
  } as const;
  return sendVerification(send, channel, messages, deps);
}

interface Opened {
  readonly number: PhoneNumber;
  readonly asSent: string;
  readonly code: Secret;
  readonly messages: VerificationMessages;
}

/** What was sealed with the first send. It is kept until the code dies, and erased with its number. */
function opened(verification: Verification, account: Account, vault: Vault, now: number): Opened {
  const { accountId, id, contentSealed } = verification;
  const kept = openNumber({ ...verification, otpId: id }, vault);
  const text = contentSealed && vault.open({ account: accountId, row: id, column: 'content' }, contentSealed);
  const content = text ? (JSON.parse(text) as OtpContent) : null;
  const parsed = kept && parsePhoneNumber(kept.e164, account.country);
  if (kept === null || !parsed?.ok || content?.messages === undefined) {
    const state = stateAt(verification, now);
    if (state !== 'pending') throw new PassbellError('verification_ended', { state });
    throw new PassbellError('conflict', { field: 'id', reason: 'code_is_not_kept' });
  }
  const { code, messages } = content;
  return { number: parsed.number, asSent: kept.asSent, code: new Secret(code), messages };
}
