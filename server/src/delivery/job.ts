import type { Mode } from '../rules/accept.ts';
import type { OutboundSms } from '../sms/carrier.ts';

/** A delivery in this node's hands: leased to it, and waiting for a carrier or for an answer. */
export interface Job {
  readonly accountId: string;
  readonly deliveryId: string;
  readonly mode: Mode;
  /** The lease it is held under; an outcome saved under another one is refused. */
  readonly node: string;
  readonly sms: OutboundSms;
  /** Tries whose outcome was saved. */
  tries: number;
  /** Tries that may have reached the callee although no answer came: at most one more is made after the first. */
  doubts: number;
  /** Waits taken so far, an index into the schedule of `plan.ts`. */
  waits: number;
  /** The carrier of the last try. */
  carrier: string | null;
  /** Parts which `carrier` took so far, by index; another carrier gets the whole message again. */
  readonly taken: Map<number, string | null>;
  /** Carriers that will not take this message however often they are asked. */
  readonly refusedBy: Set<string>;
  /** Carriers that were tried since the last wait. */
  readonly triedNow: Set<string>;
}

export function newJob(from: Pick<Job, 'accountId' | 'deliveryId' | 'mode' | 'node' | 'sms'>): Job {
  return {
    ...from,
    tries: 0,
    doubts: 0,
    waits: 0,
    carrier: null,
    taken: new Map(),
    refusedBy: new Set(),
    triedNow: new Set(),
  };
}
