import type { Lease } from '../delivery/lease.ts';
import type { Log } from '../observe/log.ts';
import { OWN_RECEIVER } from '../rules/callback.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { CallbackResult } from '../store/tables/callbacks.ts';
import { untilReachable } from '../store/until-reachable.ts';
import type { Clock } from '../values/clock.ts';
import type { Random } from '../values/random.ts';
import { type Addressed, addresser } from './address.ts';
import type { AllowList } from './allow-list.ts';
import type { CallbackContent, CallbackNext, CallbackRow, Compose, Outbox } from './callback.ts';
import { parseCallbackUrl } from './callback-url.ts';
import type { CallbackAnswer, GuardedFetch } from './guarded-fetch.ts';
import { lanes, type Turn } from './lanes.ts';
import { isFresh, type Parcel } from './parcel.ts';
import { results } from './results.ts';
import { jittered, nextTry } from './retry-schedule.ts';
import { callbackSigner } from './sign.ts';
import type { OnGone } from './switch-off.ts';
import { statusOf, takenOf, verdictOn } from './verdict.ts';
import { webhookId } from './webhook-id.ts';

/** Callbacks in memory: what comes past it is left to be claimed. */
export const MOST_HELD = 50_000;
/** How long those are left. */
const LEAVE_MS = 10_000;
/** Rows whose content is asked for at once. */
const COMPOSE_BATCH = 500;

/** What became of callbacks since the start, and what there is now. */
export interface CourierStats {
  readonly delivered: number;
  /** Tries that failed and are to be made again. */
  readonly failed: number;
  readonly givenUp: number;
  readonly disabled: number;
  /** Left to be claimed later, for want of room; one callback may count more than once. */
  readonly putOff: number;
  readonly inFlight: number;
  /** Wait for their receiver. */
  readonly waiting: number;
  /** In memory: with those whose content or result is at the store. */
  readonly held: number;
}

/**
 * Carries callbacks to their receivers, at least once each: a crash between an answer and its commit sends again, under the same
 * `webhook-id`. In no promised order.
 */
export interface Courier {
  /** Takes over rows of this node. They end in a result, or stay this node's in the store until its lease ends. */
  take(rows: readonly CallbackRow[]): void;
  /** Looks again whether something may leave; called when the lease may be good again. */
  pump(): void;
  /** Tells by its id whether a row is in memory under this lease, from `take` until its result is saved; or will be, as a copy of one that is. */
  holds(node: string): (id: string) => boolean;
  readonly stats: CourierStats;
  /** Sends nothing more, waits up to `graceMs` for what is under way, and breaks off the rest: it will be sent again. */
  drain(graceMs: number): Promise<void>;
}

export interface CourierDeps {
  readonly outbox: Outbox;
  readonly compose: Compose;
  readonly fetch: GuardedFetch;
  readonly allow: AllowList;
  /** Told when a receiver says that it is gone for good. */
  readonly onGone: OnGone;
  readonly lease: Pick<Lease, 'node' | 'valid'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

type Done = Turn<Parcel>['done'];

/** What goes to whom, and when that was so. */
interface Found {
  readonly contents: readonly CallbackContent[];
  readonly readAt: number;
}

export function courier(deps: CourierDeps): Courier {
  const { compose, fetch, allow, onGone, lease, clock, random, log } = deps;
  const receivers = lanes<Parcel>({ clock, putOff: ({ row }, dueAt) => putOff(row, dueAt), onReady: pump });
  const written = results(deps);
  const sign = callbackSigner();
  const composed = groupCommit<CallbackRow, readonly CallbackContent[] | null>(compose, { maxBatch: COMPOSE_BATCH });
  const addresses = addresser(deps);
  const counts = { delivered: 0, failed: 0, givenUp: 0, disabled: 0, putOff: 0 };
  /** In memory: waiting, under way, or with the store. */
  const held = new Set<CallbackRow>();
  let draining = false;
  let brokenOff = false;
  let landed = () => {};

  function take(rows: readonly CallbackRow[]): void {
    for (const row of rows) {
      if (draining) return;
      held.add(row);
      if (held.size > MOST_HELD) putOff(row, clock.now() + jittered(LEAVE_MS, random));
      else void prepare(row);
    }
  }

  async function prepare(row: CallbackRow): Promise<void> {
    const found = await read(row);
    if (found === undefined) return;
    let addressed: readonly Addressed[];
    try {
      addressed = await addresses.address(row, found.contents);
    } catch (error) {
      notComposed(row, error);
      return;
    }
    held.delete(row);
    for (const one of addressed) {
      held.add(one.row);
      line(pack(one, found.readAt));
    }
    pump();
  }

  /** What goes to whom now; undefined: the row has ended, for nobody is to be told, or nothing. */
  async function read(row: CallbackRow): Promise<Found | undefined> {
    try {
      const contents = await untilReachable(() => composed.add(row), clock);
      if (contents !== null && contents.length > 0) return { contents, readAt: clock.elapsed() };
      if (contents === null) end(row, row.attempts, null, { kind: 'given_up' }, 'content_gone');
      else unheard(row);
    } catch (error) {
      notComposed(row, error);
    }
    return undefined;
  }

  function notComposed(row: CallbackRow, error: unknown): void {
    log.error('callback_not_composed', { callback: row.id }, error);
    failed(row, 'internal');
  }

  /** Its receiver wants it no longer; or there never was one: every event of a kind is owed where some are wanted. */
  function unheard(row: CallbackRow): void {
    if (row.receiver === null) write(row, row.attempts, null, { kind: 'unwanted' });
    else end(row, row.attempts, null, { kind: 'disabled' }, 'switched_off');
  }

  /** Undefined: its try has failed. */
  function pack({ row, content }: Addressed, readAt: number): Parcel | undefined {
    const { body, secrets } = content;
    const parsed = parseCallbackUrl(content.url, allow);
    if (!('fault' in parsed)) return { row, url: parsed.url, body, secrets, readAt };
    failed(row, 'url_refused');
    return undefined;
  }

  function line(parcel: Parcel | undefined): void {
    if (parcel !== undefined) receivers.add(parcel.row.accountId, parcel.url.origin, parcel);
  }

  function pump(): void {
    while (!draining && lease.valid()) {
      const turn = receivers.next();
      if (turn === undefined) return;
      void deliver(turn);
    }
  }

  async function deliver({ item, done }: Turn<Parcel>): Promise<void> {
    if (item.row.node !== lease.node) {
      // Held under a lease that was lost: whoever claimed it sends it.
      held.delete(item.row);
      land(done, null);
    } else if (isFresh(item, clock)) await send(item, done);
    else await renew(item, done);
  }

  /** Reads anew what waited for long. It keeps its turn meanwhile: given back, it would wait as long once more. */
  async function renew({ row, url }: Parcel, done: Done): Promise<void> {
    const found = await read(row);
    const [content] = found?.contents ?? [];
    const parcel = found && content && pack({ row, content }, found.readAt);
    const mayLeave = !draining && lease.valid() && row.node === lease.node;
    if (parcel !== undefined && parcel.url.origin === url.origin && mayLeave) return send(parcel, done);
    land(done, null);
    line(parcel);
    pump();
  }

  async function send({ row, url, body, secrets }: Parcel, done: Done): Promise<void> {
    const began = clock.elapsed();
    let answer: CallbackAnswer;
    try {
      answer = await fetch.post(url, { ...sign(webhookId(row), clock.now(), body, secrets) }, body);
    } catch (error) {
      log.error('callback_not_sent', { callback: row.id }, error);
      land(done, null);
      failed(row, 'internal');
      pump();
      return;
    }
    land(done, takenOf(answer, clock.elapsed() - began, clock.now()));
    if (brokenOff) return;
    const attempts = row.attempts + 1;
    const reason = answer.kind === 'failed' ? answer.reason : 'status';
    const verdict = verdictOn(answer, attempts, clock.now(), random);
    if (verdict.kind === 'disabled') onGone(row.accountId, row.receiver ?? OWN_RECEIVER, url);
    end(row, attempts, statusOf(answer), verdict, reason);
    pump();
  }

  function land(done: Done, how: Parameters<Done>[0]): void {
    done(how);
    if (draining && receivers.inFlight === 0) landed();
  }

  /** A try that could not be made counts as one: it must not come back for ever. */
  function failed(row: CallbackRow, reason: 'internal' | 'url_refused'): void {
    const attempts = row.attempts + 1;
    const dueAt = nextTry(attempts, clock.now(), null, random);
    end(row, attempts, null, dueAt === null ? { kind: 'given_up' } : { kind: 'retry', dueAt }, reason);
  }

  function putOff(row: CallbackRow, dueAt: number): void {
    counts.putOff += 1;
    write(row, row.attempts, null, { kind: 'retry', dueAt });
  }

  function end(row: CallbackRow, attempts: number, status: number | null, next: CallbackNext, reason: string): void {
    switch (next.kind) {
      case 'delivered':
        counts.delivered += 1;
        break;
      case 'retry':
        counts.failed += 1;
        break;
      case 'given_up':
      case 'disabled':
        counts[next.kind === 'disabled' ? 'disabled' : 'givenUp'] += 1;
        log.warn(`callback_${next.kind}`, { callback: row.id, attempts, status, reason });
        break;
      default:
        next satisfies never;
    }
    write(row, attempts, status, next);
  }

  function write(row: CallbackRow, attempts: number, status: number | null, next: CallbackResult['next']): void {
    const { accountId, id, node, receiver } = row;
    addresses.ended(row);
    void written.save({ accountId, id, node, receiver, attempts, status, next }).then(() => {
      held.delete(row);
    });
  }

  return {
    take,
    pump() {
      receivers.sweep();
      pump();
    },
    get stats() {
      return { ...counts, inFlight: receivers.inFlight, waiting: receivers.waiting, held: held.size };
    },
    holds(node) {
      const rows = [...held].filter((row) => row.node === node);
      const ids = new Set(rows.map(({ id }) => id));
      // Their copies may be written by now, although no answer has come.
      const unaddressed = new Set(rows.filter(({ receiver }) => receiver === null).map(({ id }) => id));
      return (id) => ids.has(id) || unaddressed.has(id.slice(0, id.lastIndexOf('.')));
    },
    async drain(graceMs) {
      draining = true;
      if (receivers.inFlight > 0) {
        await new Promise<void>((resolve) => {
          const timer = clock.after(graceMs, resolve);
          landed = () => {
            timer.cancel();
            resolve();
          };
        });
      }
      brokenOff = true;
      await fetch.close();
      await written.drain();
    },
  };
}
