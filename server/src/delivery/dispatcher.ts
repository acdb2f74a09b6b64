import type { Log } from '../observe/log.ts';
import type { Mode } from '../rules/accept.ts';
import type { Outcome, OutcomeNext } from '../rules/outcome.ts';
import type { Carrier, OutboundSms } from '../sms/carrier.ts';
import type { Clock } from '../values/clock.ts';
import type { Job } from './job.ts';
import { JobQueue } from './job-queue.ts';
import type { Lease } from './lease.ts';
import { type Plan, planNext, RETRY_WAITS_MS } from './plan.ts';
import type { Settlement } from './settlement.ts';

/** Who can carry what. The list may change at any time; the carriers in it are theirs who made it. */
export interface Routes {
  /** In order of preference; equal ones follow each other. Empty: none is configured for this mode. */
  carriers(mode: Mode): readonly Route[];
}

export interface Route {
  readonly carrier: Carrier;
  /** Lower is tried first; equal ones share the load by free capacity. */
  readonly priority: number;
}

/** Hands messages to carriers while their codes live, and writes down what became of them. */
export interface Dispatcher {
  /** Takes a job over; it ends in an outcome, or is given up to other nodes when the lease is lost. */
  take(job: Job): void;
  /** Looks again for free carriers; called by whoever knows that capacity came free. */
  pump(): void;
  /** Jobs in memory: waiting, with a carrier, or between tries. */
  readonly holding: number;
  /** Jobs that wait for a carrier. */
  readonly queued: number;
  /** Hands nothing more to carriers; resolves when no message is with one any more. */
  drain(): Promise<void>;
}

/** How often a queue that nobody serves is searched for dead codes, and tried again. */
const SWEEP_MS = 1_000;
/** How soon a carrier that said it was free, and then took nothing, is asked again. */
const UNTRIED_WAIT_MS = 250;
const MODES: readonly Mode[] = ['test', 'live'];

interface Deps {
  readonly routes: Routes;
  readonly settlement: Settlement;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly log: Log;
}

export function dispatcher({ routes, settlement, lease, clock, log }: Deps): Dispatcher {
  const queues: Readonly<Record<Mode, JobQueue>> = { test: new JobQueue(), live: new JobQueue() };
  const signal = new AbortController();
  let sending = 0;
  let paused = 0;
  let sweeping = false;
  let draining = false;
  let drained = () => {};

  function take(job: Job): void {
    queues[job.mode].push(job);
    pumpMode(job.mode);
  }

  function pump(): void {
    for (const mode of MODES) pumpMode(mode);
  }

  function pumpMode(mode: Mode): void {
    const queue = queues[mode];
    for (let job = queue.peek(); job !== undefined; job = queue.peek()) {
      if (draining) return;
      if (!lease.valid()) {
        // Nobody calls when the lease is good again: without another look, what waits here would wait for the next send.
        sweepLater();
        return;
      }
      if (job.node !== lease.node) {
        // Held under a lease that was lost: whoever claimed it sends it.
        queue.take();
        continue;
      }
      if (job.sms.expiresAt <= clock.now()) {
        queue.take();
        expire(job);
        continue;
      }
      const carrier = choose(routes.carriers(mode), job);
      if (carrier === undefined) {
        // A job that only some carriers may take must not hold up those behind it.
        if (job.refusedBy.size === 0 && job.triedNow.size === 0) {
          sweepLater();
          return;
        }
        queue.take();
        // Those left to ask are not there: the round is over, and the next one may ask the others again.
        job.triedNow.clear();
        later(job, RETRY_WAITS_MS[0] ?? 0);
        continue;
      }
      queue.take();
      void attempt(job, carrier);
    }
  }

  async function attempt(job: Job, carrier: Carrier): Promise<void> {
    const sms = remaining(job, carrier.name);
    const { receipts } = carrier;
    const all = routes.carriers(job.mode).map((route) => route.carrier.name);
    sending += 1;
    const results = await carrier.send(sms, signal.signal);
    sending -= 1;
    if (sending === 0) drained();
    const plan = planNext(job, { carrier: carrier.name, receipts, all }, sms.parts, results, clock.now());
    await conclude(job, carrier.name, plan);
  }

  async function conclude(job: Job, carrier: string, plan: Plan): Promise<void> {
    if (plan.kind === 'untried') return later(job, UNTRIED_WAIT_MS);
    const attempt = { n: job.tries, carrier, parts: plan.parts };
    if (plan.next.kind !== 'retry') return finish(job, attempt, plan.next);
    // The next try must not leave before this one is written down: after a crash it would be made once more.
    const verdict = await settlement.outcome(outcomeOf(job, attempt, plan.next));
    if (verdict.kind === 'applied') later(job, plan.next.dueAt - clock.now());
  }

  function finish(job: Job, attempt: Outcome['attempt'], next: OutcomeNext): void {
    void settlement.outcome(outcomeOf(job, attempt, next)).then((verdict) => {
      if (verdict.kind !== 'applied') log.warn('outcome_stale', { delivery: job.deliveryId, node: job.node });
      else if (next.kind === 'final' && next.state !== 'sent') {
        log.warn('delivery_failed', {
          delivery: job.deliveryId,
          state: next.state,
          reason: next.reason,
          tries: job.tries,
        });
      }
    });
  }

  function outcomeOf(job: Job, attempt: Outcome['attempt'], next: OutcomeNext): Outcome {
    const { accountId, deliveryId, node } = job;
    return { accountId, deliveryId, node, at: clock.now(), attempt, next };
  }

  function expire(job: Job): void {
    finish(job, null, { kind: 'final', state: 'expired', reason: 'code_expired' });
  }

  function later(job: Job, ms: number): void {
    if (ms <= 0) {
      take(job);
      return;
    }
    paused += 1;
    clock.after(ms, () => {
      paused -= 1;
      take(job);
    });
  }

  /** Nobody serves the head of a queue: codes die in it meanwhile, and their credits must come back. */
  function sweepLater(): void {
    if (sweeping) return;
    sweeping = true;
    clock.after(SWEEP_MS, () => {
      sweeping = false;
      const now = clock.now();
      for (const mode of MODES) {
        if (lease.valid()) for (const job of queues[mode].removeWhere((one) => one.sms.expiresAt <= now)) expire(job);
      }
      pump();
    });
  }

  return {
    take,
    pump,
    get holding() {
      return queues.test.length + queues.live.length + sending + paused;
    },
    get queued() {
      return queues.test.length + queues.live.length;
    },
    drain() {
      draining = true;
      return new Promise((resolve) => {
        drained = resolve;
        if (sending === 0) resolve();
      });
    },
  };
}

/** The first carrier with room, by preference; among equals the one with the most room. */
function choose(routes: readonly Route[], job: Job): Carrier | undefined {
  let best: { carrier: Carrier; priority: number; free: number } | undefined;
  for (const { carrier, priority } of routes) {
    if (best !== undefined && priority > best.priority) break;
    if (job.refusedBy.has(carrier.name) || job.triedNow.has(carrier.name)) continue;
    const { free } = carrier.status();
    if (free > 0 && (best === undefined || free > best.free)) best = { carrier, priority, free };
  }
  return best?.carrier;
}

/** What a carrier has still to get: all of it, or the parts that it did not take before. */
function remaining(job: Job, carrier: string): OutboundSms {
  if (job.carrier !== carrier || job.taken.size === 0) return job.sms;
  return { ...job.sms, parts: job.sms.parts.filter((part) => !job.taken.has(part.index)) };
}
