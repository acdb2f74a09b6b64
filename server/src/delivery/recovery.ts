import { isError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { Reason } from '../rules/outcome.ts';
import type { ClaimedDelivery, Store } from '../store/store.ts';
import type { AttemptRow } from '../store/tables/otps.ts';
import { untilReachable } from '../store/until-reachable.ts';
import type { Clock } from '../values/clock.ts';
import type { Random } from '../values/random.ts';
import { rounds } from '../values/rounds.ts';
import type { Vault } from '../vault/vault.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type CallJob, callJob, type SmsJob, smsJob } from './job.ts';
import type { Lease } from './lease.ts';
import type { RestoreCall } from './restore-call.ts';
import { restoreSms } from './restore-sms.ts';
import { MAX_DOUBTS } from './retries.ts';
import type { Settlement } from './settlement.ts';

/** How often stopped nodes are looked for. */
const LOOK_MS = 1_000;
/**
 * At most this many claimed deliveries are held at once. A claim that dies with its node counts as a possible submit, so a node
 * claims no more than it can hand over shortly.
 */
const CLAIM_LIMIT = 200;

interface Deps {
  readonly store: Pick<Store, 'claim' | 'otps' | 'verifications'>;
  readonly vault: Vault;
  readonly lease: Lease;
  readonly messages: Pick<Dispatcher<SmsJob>, 'take' | 'queued'>;
  readonly calls: Pick<Dispatcher<CallJob>, 'take' | 'queued'>;
  readonly restoreCall: RestoreCall;
  readonly settlement: Pick<Settlement, 'outcome'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Takes over what nodes that stopped left behind, a little at a time. */
export interface Recovery {
  /** One look; returns how many deliveries were taken over. */
  look(): Promise<number>;
  /** The deliveries that were claimed for this node, and are not yet all with a dispatcher or ended; their ids. */
  held(node: string): readonly string[];
  start(): void;
  stop(): void;
}

export function recovery(deps: Deps): Recovery {
  const { store, lease, messages, calls, clock, log } = deps;
  let inHand: { readonly node: string; readonly claimed: readonly ClaimedDelivery[] } | null = null;

  async function look(): Promise<number> {
    const room = CLAIM_LIMIT - messages.queued - calls.queued;
    if (room <= 0 || !lease.valid()) return 0;
    const { node } = lease;
    const claimed = await store.claim(node, room);
    if (claimed.length === 0) return 0;
    inHand = { node, claimed };
    try {
      // What was claimed must not be dropped: nobody else takes it while this node lives.
      const withdrawn = await untilReachable(() => store.verifications.withdrawn(node), clock);
      for (const delivery of claimed) {
        await resume(delivery, { node, withdrawn }, deps).catch((error) => {
          log.error('recovery_failed', { delivery: delivery.deliveryId }, error);
        });
      }
    } finally {
      inHand = null;
    }
    log.info('deliveries_taken_over', { count: claimed.length, node });
    return claimed.length;
  }

  async function round(): Promise<number> {
    let found = 0;
    try {
      found = await look();
    } catch (error) {
      if (!isError(error, 'unavailable')) log.error('recovery_failed', {}, error);
    }
    // More may be waiting behind a full claim.
    return found > 0 ? 50 : LOOK_MS;
  }

  return {
    look,
    held: (node) => (inHand?.node === node ? inHand.claimed.map(({ deliveryId }) => deliveryId) : []),
    ...rounds(clock, round),
  };
}

/** Makes a job of a claimed row, or ends it when it must not be sent again. */
async function resume(
  delivery: ClaimedDelivery,
  { node, withdrawn }: { readonly node: string; readonly withdrawn: ReadonlySet<string> },
  deps: Deps,
): Promise<void> {
  const { store, settlement, clock } = deps;
  const { accountId, deliveryId } = delivery;
  const end = async (state: 'failed' | 'expired', reason: Reason): Promise<void> => {
    const next = { kind: 'final', state, reason } as const;
    await settlement.outcome({ accountId, deliveryId, node, at: clock.now(), attempt: null, next });
  };

  if (delivery.expiresAt <= clock.now() || withdrawn.has(deliveryId)) return end('expired', 'code_expired');
  const attempts = () => store.otps.attempts(accountId, deliveryId);
  const tries = delivery.tries > 0 ? await untilReachable(attempts, clock) : [];
  // Each hand-over may hide one submit whose answer died with its node.
  const doubts = delivery.handovers + doubtful(tries);
  if (doubts >= MAX_DOUBTS) return end('failed', 'outcome_unknown');
  const lost = await takeOver(delivery, { node, doubts }, deps);
  if (lost !== null) return end('failed', lost);
}

function doubtful(tries: readonly AttemptRow[]): number {
  return new Set(tries.filter((row) => row.outcome === 'unknown').map((row) => row.n)).size;
}

/** Hands it to its dispatcher; answers with the reason when nothing can be made of it any more. */
async function takeOver(
  delivery: ClaimedDelivery,
  { node, doubts }: { readonly node: string; readonly doubts: number },
  { messages, calls, vault, random, restoreCall }: Deps,
): Promise<Reason | null> {
  const { accountId, deliveryId, mode, via, tries } = delivery;
  const whose = { accountId, deliveryId, mode, node, via };
  switch (delivery.channel) {
    case 'sms': {
      const sms = restoreSms(delivery, { vault, random });
      if (sms === null) return 'content_lost';
      messages.take({ ...smsJob(whose, sms), tries, doubts });
      return null;
    }
    case 'voice': {
      const call = await restoreCall(delivery);
      if (call === null) return 'content_lost';
      calls.take({ ...callJob(whose, call), tries, doubts });
      return null;
    }
    default:
      return delivery.channel satisfies never;
  }
}
