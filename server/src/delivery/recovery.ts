import { isError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { OtpContent, OtpNumber } from '../otp/content.ts';
import { encodeSms } from '../sms/encode.ts';
import type { ClaimedDelivery, Store } from '../store/store.ts';
import type { AttemptRow } from '../store/tables/otps.ts';
import type { Clock, Timer } from '../values/clock.ts';
import type { Random } from '../values/random.ts';
import type { Vault } from '../vault/vault.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type Job, newJob } from './job.ts';
import type { Lease } from './lease.ts';
import { MAX_DOUBTS } from './plan.ts';
import type { Settlement } from './settlement.ts';

/** How often stopped nodes are looked for. */
const LOOK_MS = 1_000;
/**
 * At most this many claimed deliveries are held at once. A claim that dies with its node counts as a possible submit, so a node
 * claims no more than it can hand over shortly.
 */
const CLAIM_LIMIT = 200;

interface Deps {
  readonly store: Store;
  readonly vault: Vault;
  readonly lease: Lease;
  readonly dispatcher: Dispatcher;
  readonly settlement: Settlement;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Takes over what nodes that stopped left behind, a little at a time. */
export interface Recovery {
  /** One look; returns how many deliveries were taken over. */
  look(): Promise<number>;
  start(): void;
  stop(): void;
}

export function recovery(deps: Deps): Recovery {
  const { store, lease, dispatcher, clock, log } = deps;
  let timer: Timer | undefined;
  let stopped = false;

  async function look(): Promise<number> {
    const room = CLAIM_LIMIT - dispatcher.queued;
    if (room <= 0 || !lease.valid()) return 0;
    const { node } = lease;
    const claimed = await store.claim(node, room);
    for (const delivery of claimed) await resume(delivery, node, deps);
    if (claimed.length > 0) log.info('deliveries_taken_over', { count: claimed.length, node });
    return claimed.length;
  }

  async function lookAgain(): Promise<void> {
    let found = 0;
    try {
      found = await look();
    } catch (error) {
      if (!isError(error, 'unavailable')) log.error('recovery_failed', {}, error);
    }
    // More may be waiting behind a full claim.
    if (!stopped) timer = clock.after(found > 0 ? 50 : LOOK_MS, lookAgain);
  }

  return {
    look,
    start: () => void lookAgain(),
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}

/** Makes a job of a claimed row, or ends it when it must not be sent again. */
async function resume(delivery: ClaimedDelivery, node: string, deps: Deps): Promise<void> {
  const { store, dispatcher, settlement, clock } = deps;
  const { accountId, deliveryId } = delivery;
  const end = (state: 'failed' | 'expired', reason: 'outcome_unknown' | 'code_expired' | 'content_lost') =>
    settlement.outcome({
      accountId,
      deliveryId,
      node,
      at: clock.now(),
      attempt: null,
      next: { kind: 'final', state, reason },
    });

  if (delivery.expiresAt <= clock.now()) return void (await end('expired', 'code_expired'));
  const tries = delivery.tries > 0 ? await store.otps.attempts(accountId, deliveryId) : [];
  // Each hand-over may hide one submit whose answer died with its node.
  const doubts = delivery.handovers + doubtful(tries);
  if (doubts >= MAX_DOUBTS) return void (await end('failed', 'outcome_unknown'));
  const job = restore(delivery, node, deps);
  if (job === null) return void (await end('failed', 'content_lost'));
  dispatcher.take({ ...job, tries: delivery.tries, doubts });
}

function doubtful(tries: readonly AttemptRow[]): number {
  return new Set(tries.filter((row) => row.outcome === 'unknown').map((row) => row.n)).size;
}

function restore(delivery: ClaimedDelivery, node: string, { vault, random }: Deps): Job | null {
  const { accountId, deliveryId, otpId, mode, expiresAt } = delivery;
  const number = vault.open({ account: accountId, row: otpId, column: 'number' }, delivery.numberSealed);
  const content =
    delivery.contentSealed && vault.open({ account: accountId, row: otpId, column: 'content' }, delivery.contentSealed);
  if (!number || !content) return null;
  const { e164 } = JSON.parse(number) as OtpNumber;
  const { text, from } = JSON.parse(content) as OtpContent;
  const { encoding, parts } = encodeSms(text, random.below(256));
  return newJob({
    accountId,
    deliveryId,
    mode,
    node,
    sms: { id: deliveryId, accountId, to: e164, from, text, encoding, parts, expiresAt },
  });
}
