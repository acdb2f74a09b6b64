import type { Mode } from '../rules/accept.ts';
import type { Clock, Timer } from '../values/clock.ts';
import type { Conclusions } from './conclusions.ts';
import type { Job } from './job.ts';
import { JobQueue } from './job-queue.ts';
import type { Lease } from './lease.ts';
import { RETRY_WAITS_MS } from './retries.ts';
import type { Route, Routes, Uplink } from './route.ts';

/** Hands jobs to uplinks while their codes live. */
export interface Dispatcher<J extends Job> {
  /** Takes a job over; it ends in an outcome, or is given up to other nodes when the lease is lost. */
  take(job: J): void;
  /** Looks again for free uplinks; called by whoever knows that capacity came free. */
  pump(): void;
  /** Ends these deliveries, but for those that an uplink has and does not give back: their codes are checked no more. */
  withdraw(deliveries: ReadonlySet<string>): void;
  /** Jobs in memory: waiting, with an uplink, or between tries. */
  readonly holding: number;
  /** The deliveries that it took under this lease, each until the last word on it is saved; their ids. */
  held(node: string): readonly string[];
  /** Jobs that wait for an uplink. */
  readonly queued: number;
  /** Jobs that wait for an uplink, or between tries. */
  readonly waiting: number;
  /** Hands nothing more to uplinks; resolves when no job is with one any more. */
  drain(): Promise<void>;
}

/** One try of a job at an uplink, its outcome saved. Never rejects. */
export type Attempt<J extends Job, U extends Uplink> = (job: J, uplink: U, all: readonly string[]) => Attempted;

export interface Attempted {
  /** The uplink has nothing more to do with it. */
  readonly away: Promise<unknown>;
  /** When to try again, ms from then; null: it has ended, and that is saved. */
  readonly again: Promise<number | null>;
  /** Breaks the try off where its callee has not heard or read anything yet; absent: what an uplink has cannot be taken back. */
  readonly withdraw?: () => void;
}

/** How often a queue that nobody serves is searched for dead codes, and tried again. */
const SWEEP_MS = 1_000;
const MODES: readonly Mode[] = ['test', 'live'];

interface Deps<J extends Job, U extends Uplink> {
  readonly routes: Routes<U>;
  readonly attempt: Attempt<J, U>;
  readonly conclusions: Conclusions;
  readonly lease: Lease;
  readonly clock: Clock;
}

export function dispatcher<J extends Job, U extends Uplink>(deps: Deps<J, U>): Dispatcher<J> {
  const { routes, conclusions, lease, clock } = deps;
  const queues: Readonly<Record<Mode, JobQueue<J>>> = { test: new JobQueue(), live: new JobQueue() };
  /** From `take` until the last word is saved. */
  const held = new Set<J>();
  /** Between tries. */
  const paused = new Map<J, Timer>();
  /** With an uplink. */
  const away = new Map<J, Attempted>();
  let sweeping = false;
  let draining = false;
  let drained = () => {};

  function take(job: J): void {
    held.add(job);
    line(job);
  }

  function line(job: J): void {
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
        held.delete(job);
        continue;
      }
      if (job.expiresAt <= clock.now()) {
        queue.take();
        expire(job);
        continue;
      }
      const uplink = choose(routes.routes(mode), job);
      if (uplink === undefined) {
        // A job that only some uplinks may take must not hold up those behind it.
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
      void attempt(job, uplink);
    }
  }

  async function attempt(job: J, uplink: U): Promise<void> {
    const all = routes.routes(job.mode).map((route) => route.uplink.name);
    const tried = deps.attempt(job, uplink, all);
    away.set(job, tried);
    await tried.away;
    away.delete(job);
    if (away.size === 0) drained();
    const again = await tried.again;
    if (again === null) held.delete(job);
    else later(job, again);
  }

  function expire(job: J): void {
    void conclusions.end(job, job.ifLate).then(() => held.delete(job));
  }

  function later(job: J, ms: number): void {
    if (ms <= 0) {
      line(job);
      return;
    }
    const timer = clock.after(ms, () => {
      paused.delete(job);
      line(job);
    });
    paused.set(job, timer);
  }

  function withdraw(deliveries: ReadonlySet<string>): void {
    if (!lease.valid()) return;
    const isOneOf = ({ deliveryId }: J) => deliveries.has(deliveryId);
    for (const mode of MODES) for (const job of queues[mode].removeWhere(isOneOf)) expire(job);
    for (const [job, timer] of paused) {
      if (!isOneOf(job)) continue;
      timer.cancel();
      paused.delete(job);
      expire(job);
    }
    for (const [job, tried] of away) if (isOneOf(job)) tried.withdraw?.();
  }

  /** Nobody serves the head of a queue: codes die in it meanwhile, and their credits must come back. */
  function sweepLater(): void {
    if (sweeping) return;
    sweeping = true;
    clock.after(SWEEP_MS, () => {
      sweeping = false;
      const now = clock.now();
      for (const mode of MODES) {
        if (lease.valid()) for (const job of queues[mode].removeWhere((one) => one.expiresAt <= now)) expire(job);
      }
      pump();
    });
  }

  const queued = () => queues.test.length + queues.live.length;
  const waiting = () => queued() + paused.size;

  return {
    take,
    pump,
    withdraw,
    get holding() {
      return waiting() + away.size;
    },
    held: (node) => [...held].filter((job) => job.node === node).map(({ deliveryId }) => deliveryId),
    get queued() {
      return queued();
    },
    get waiting() {
      return waiting();
    },
    drain() {
      draining = true;
      return new Promise((resolve) => {
        drained = resolve;
        if (away.size === 0) resolve();
      });
    },
  };
}

/** The one that was asked for, if it has room; else the first with room, by preference, and among equals the one with the most of it. */
function choose<U extends Uplink>(routes: readonly Route<U>[], job: Job): U | undefined {
  let best: { uplink: U; priority: number; free: number } | undefined;
  for (const { uplink, priority } of routes) {
    if (job.refusedBy.has(uplink.name) || job.triedNow.has(uplink.name)) continue;
    const { free } = uplink.status();
    if (free > 0 && uplink.name === job.via) return uplink;
    if (free > 0 && (best === undefined || (priority === best.priority && free > best.free))) {
      best = { uplink, priority, free };
    }
  }
  return best?.uplink;
}
