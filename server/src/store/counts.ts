import type { Channel } from '../errors.ts';
import { type AcceptRequest, type AcceptWrites, accountKey, type Dialect } from '../rules/accept.ts';
import { NUMBER_COUNTER } from '../rules/judge-accept.ts';

const PREFIX = 'otps:';

/** The counter of the otps that a dialect has sent by a channel, in an account: what lists answer `count` with, without counting. */
export function countName(dialect: Dialect, channel: Channel): string {
  return `${PREFIX}${dialect}:${channel}`;
}

/** How many otps an account has made in all, and how many of them by `dialect` and `channel` where given, from its counters. */
export function countsOf(
  counters: Iterable<{ readonly name: string; readonly value: number }>,
  dialect?: Dialect,
  channel?: Channel,
): { readonly all: number; readonly passing: number } {
  let all = 0;
  let passing = 0;
  for (const { name, value } of counters) {
    if (!name.startsWith(PREFIX)) continue;
    all += value;
    const [, by, over] = name.split(':');
    if ((dialect ?? by) === by && (channel ?? over) === over) passing += value;
  }
  return { all, passing };
}

/** An accepted send that makes an otp, with its place in its account's list. */
export interface NewOtp {
  readonly request: AcceptRequest;
  readonly number: number | null;
  readonly ordinal: number;
}

/** What a batch adds, sorted by what is inserted for it. */
export interface Counted {
  /** All accepted sends. */
  readonly sends: readonly AcceptRequest[];
  /** Those that make an otp: what is sent again has one. */
  readonly otps: readonly NewOtp[];
  readonly increments: ReadonlyMap<string, number>;
}

/**
 * Gives each accepted send that makes an otp the next ordinal of its account, and says by how much each counter grows.
 *
 * @param made how many otps each account of the batch had made before it, read under the same lock as its balance
 */
export function countIn(inserts: AcceptWrites['inserts'], made: ReadonlyMap<string, number>): Counted {
  const last = new Map(made);
  const increments = new Map<string, number>();
  const grow = (key: string) => increments.set(key, (increments.get(key) ?? 0) + 1);
  const otps = inserts.filter(makesOtp).map(({ request, number }) => {
    const { accountId, dialect, channel } = request;
    const ordinal = (last.get(accountId) ?? 0) + 1;
    last.set(accountId, ordinal);
    grow(accountKey(accountId, countName(dialect, channel)));
    if (number !== null) grow(accountKey(accountId, NUMBER_COUNTER));
    return { request, number, ordinal };
  });
  return { sends: inserts.map(({ request }) => request), otps, increments };
}

function makesOtp({ request: { verification } }: { readonly request: AcceptRequest }): boolean {
  return verification === null || verification.kind === 'start';
}
