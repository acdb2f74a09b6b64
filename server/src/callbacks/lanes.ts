import type { Clock } from '../values/clock.ts';
import { type Fifo, fifo } from './fifo.ts';
import { type Pace, pace } from './pace.ts';

/** In flight in all, and for one account: no account's receivers may hold up those of others. */
const MOST_IN_ALL = 1_024;
const MOST_OF_ACCOUNT = 256;
/** Waiting for all receivers of one account: many slow ones must not fill the memory either. */
const MOST_WAITING_OF_ACCOUNT = 8_000;
/** A receiver that has had nothing to do for so long is forgotten, and with it how fast it was. */
const FORGET_MS = 60_000;

/** How a receiver took a callback. */
export interface Taken {
  readonly strained: boolean;
  /** How long it was in flight. */
  readonly tookMs: number;
  /** The receiver asked for a pause of so many ms; 0: it did not. */
  readonly pauseMs: number;
}

export interface Turn<Item> {
  readonly item: Item;
  /** To be called once, when the item is no longer in flight. @param how null: it was not sent, which says nothing of its receiver */
  done(how: Taken | null): void;
}

/**
 * Whose turn it is: one lane for each receiver of each account, served in turn, so that a slow receiver holds up nobody but itself. Two
 * accounts with the same receiver have a lane each.
 */
export interface Lanes<Item> {
  /** Adds to the lane of an account and origin; it comes out at a turn, or is put off for want of room. */
  add(account: string, origin: string, item: Item): void;
  /** The next that may leave; undefined: none may, until one comes back or a pause ends. */
  next(): Turn<Item> | undefined;
  readonly waiting: number;
  readonly inFlight: number;
  /** Forgets receivers that have long had nothing to do. */
  sweep(): void;
}

interface Account<Item> {
  waiting: number;
  inFlight: number;
  /** Lanes whose turn came while the account had all that it may have in flight. */
  readonly held: Fifo<Lane<Item>>;
}

interface Lane<Item> {
  readonly account: Account<Item>;
  readonly queue: Fifo<Item>;
  readonly pace: Pace;
  inFlight: number;
  paused: boolean;
  /** It stands in the row of those to be served, or among its account's held ones. */
  inRow: boolean;
  usedAt: number;
}

export interface LanesDeps<Item> {
  readonly clock: Clock;
  /** There is no room for `item`: it is to come back at `dueAt`, ms since the epoch. */
  readonly putOff: (item: Item, dueAt: number) => void;
  /** Called when a pause has ended. */
  readonly onReady: () => void;
}

export function lanes<Item>({ clock, putOff, onReady }: LanesDeps<Item>): Lanes<Item> {
  const all = new Map<string, Lane<Item>>();
  const accounts = new Map<string, Account<Item>>();
  const row = fifo<Lane<Item>>();
  let waiting = 0;
  let inFlight = 0;

  function laneOf(accountId: string, origin: string): Lane<Item> {
    const key = `${accountId} ${origin}`;
    const known = all.get(key);
    if (known !== undefined) return known;
    const account = accounts.get(accountId) ?? { waiting: 0, inFlight: 0, held: fifo<Lane<Item>>() };
    accounts.set(accountId, account);
    const lane = { account, queue: fifo<Item>(), pace: pace(), inFlight: 0, paused: false, inRow: false, usedAt: 0 };
    all.set(key, lane);
    return lane;
  }

  function mayLeave({ queue, inFlight, pace, paused }: Lane<Item>): boolean {
    return queue.length > 0 && inFlight < pace.limit && !paused;
  }

  function line(lane: Lane<Item>): void {
    if (lane.inRow || !mayLeave(lane)) return;
    lane.inRow = true;
    row.push(lane);
  }

  function next(): Turn<Item> | undefined {
    while (inFlight < MOST_IN_ALL) {
      const lane = row.take();
      if (lane === undefined) return undefined;
      if (lane.account.inFlight >= MOST_OF_ACCOUNT) {
        lane.account.held.push(lane);
        continue;
      }
      lane.inRow = false;
      if (!mayLeave(lane)) {
        // Its place is another's: without this, held lanes would wait for one that never left.
        recall(lane.account);
        continue;
      }
      const item = leave(lane);
      count(lane, 1);
      line(lane);
      return { item, done: (how) => finish(lane, how) };
    }
    return undefined;
  }

  function leave(lane: Lane<Item>): Item {
    waiting -= 1;
    lane.account.waiting -= 1;
    return lane.queue.take() as Item;
  }

  function finish(lane: Lane<Item>, how: Taken | null): void {
    count(lane, -1);
    lane.usedAt = clock.elapsed();
    if (how !== null) learn(lane, how);
    line(lane);
    recall(lane.account);
  }

  function learn(lane: Lane<Item>, { strained, tookMs, pauseMs }: Taken): void {
    lane.pace.finished(strained, tookMs);
    while (lane.queue.length > lane.pace.room) putOff(leave(lane), lane.pace.putOff(clock.now()));
    if (pauseMs > 0 && !lane.paused) {
      lane.paused = true;
      clock.after(pauseMs, () => {
        lane.paused = false;
        line(lane);
        onReady();
      });
    }
  }

  /** A place of the account came free: one of its lanes may stand in the row again. */
  function recall({ held }: Account<Item>): void {
    const lane = held.take();
    if (lane !== undefined) row.push(lane);
  }

  function count(lane: Lane<Item>, by: 1 | -1): void {
    lane.inFlight += by;
    lane.account.inFlight += by;
    inFlight += by;
  }

  return {
    add(account, origin, item) {
      const lane = laneOf(account, origin);
      lane.usedAt = clock.elapsed();
      if (lane.queue.length >= lane.pace.room || lane.account.waiting >= MOST_WAITING_OF_ACCOUNT) {
        putOff(item, lane.pace.putOff(clock.now()));
        return;
      }
      lane.queue.push(item);
      waiting += 1;
      lane.account.waiting += 1;
      line(lane);
    },
    next,
    get waiting() {
      return waiting;
    },
    get inFlight() {
      return inFlight;
    },
    sweep() {
      const before = clock.elapsed() - FORGET_MS;
      for (const [key, lane] of all) {
        if (lane.queue.length === 0 && lane.inFlight === 0 && !lane.paused && lane.usedAt < before) all.delete(key);
      }
      const used = new Set([...all.values()].map((lane) => lane.account));
      for (const [id, account] of accounts) if (!used.has(account)) accounts.delete(id);
    },
  };
}
