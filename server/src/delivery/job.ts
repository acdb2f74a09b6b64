import type { Mode } from '../rules/accept.ts';
import type { CallRecord } from '../rules/call-record.ts';
import type { OutcomeNext } from '../rules/outcome.ts';
import type { OutboundSms } from '../sms/carrier.ts';
import type { Clip } from '../voice/audio/clip.ts';
import type { CallPlan } from '../voice/calls/call-engine.ts';
import type { Script } from '../voice/script.ts';

/** A delivery in this node's hands: leased to it, and waiting for an uplink or for an answer. */
export interface Job {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly mode: Mode;
  /** The lease it is held under; an outcome saved under another one is refused. */
  readonly node: string;
  /** The uplink that is asked first; null: any. */
  readonly via: string | null;
  /** Until when it may be tried, ms since the epoch: the death of its code, or earlier. */
  expiresAt: number;
  /** What is said of it when that time is over. */
  ifLate: { readonly attempt: null; readonly call?: CallRecord; readonly next: OutcomeNext };
  /** Tries whose outcome was saved. */
  tries: number;
  /** Tries that may have reached the callee although no answer came: at most one more is made after the first. */
  doubts: number;
  /** Waits taken so far, an index into the schedule of `retries.ts`. */
  waits: number;
  /** Uplinks that will not take it however often they are asked. */
  readonly refusedBy: Set<string>;
  /** Uplinks that were tried since the last wait. */
  readonly triedNow: Set<string>;
}

export interface SmsJob extends Job {
  readonly sms: OutboundSms;
  /** The carrier of the last try. */
  carrier: string | null;
  /** Parts which `carrier` took so far, by index; another carrier gets the whole message again. */
  readonly taken: Map<number, string | null>;
}

export interface CallJob extends Job {
  readonly plan: CallPlan;
  readonly script: Script<Clip>;
}

const CODE_EXPIRED = { attempt: null, next: { kind: 'final', state: 'expired', reason: 'code_expired' } } as const;

type Whose = Pick<Job, 'accountId' | 'deliveryId' | 'mode' | 'node' | 'via'>;

export function smsJob(whose: Whose, sms: OutboundSms): SmsJob {
  return { ...fresh(whose, sms.expiresAt), sms, carrier: null, taken: new Map() };
}

export function callJob(
  whose: Whose,
  { plan, script, expiresAt }: Pick<CallJob, 'plan' | 'script' | 'expiresAt'>,
): CallJob {
  return { ...fresh(whose, expiresAt), plan, script };
}

function fresh({ accountId, deliveryId, mode, node, via }: Whose, expiresAt: number): Job {
  return {
    ...{ accountId, deliveryId, mode, node, via, expiresAt, ifLate: CODE_EXPIRED },
    ...{ tries: 0, doubts: 0, waits: 0, refusedBy: new Set(), triedNow: new Set() },
  };
}
