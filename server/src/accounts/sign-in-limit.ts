import { isIPv6 } from 'node:net';
import { PassbellError } from '../errors.ts';
import { gcra, type LimitRule } from '../rules/gcra.ts';
import type { Clock } from '../values/clock.ts';

/** Failed sign-ins, for each e-mail and for each client network: NIST SP 800-63B-4 §3.2.2 asks for a limit far below guessing. */
const RULE: LimitRule = { count: 10, periodMs: 15 * 60_000 };
const MOST_BUCKETS = 50_000;

/** Counts sign-ins that fail, in this node's memory. */
export interface SignInLimit {
  /**
   * Counts an attempt as failed until it is known to have succeeded, so that guesses made at once all count.
   * Call the result when it succeeded.
   * @throws {PassbellError} `rate_limited` (`sign_in`) when either bucket is empty; nothing is then counted.
   */
  attempt(email: string, address: string | undefined): () => void;
}

export function signInLimit(clock: Clock): SignInLimit {
  /** Theoretical arrival times, oldest use first. */
  const buckets = new Map<string, number>();

  function put(key: string, tat: number): void {
    buckets.delete(key);
    if (tat <= clock.now()) return;
    const [oldest] = buckets.size >= MOST_BUCKETS ? buckets.keys() : [];
    if (oldest !== undefined) buckets.delete(oldest);
    buckets.set(key, tat);
  }

  return {
    attempt(email, address) {
      const keys = [`email ${email}`, ...(address === undefined ? [] : [`network ${networkOf(address)}`])];
      const now = clock.now();
      const verdicts = keys.map((key) => {
        const tat = buckets.get(key);
        return { key, verdict: gcra([RULE], tat === undefined ? [] : [tat], now) };
      });
      const retryAfterMs = Math.max(...verdicts.map(({ verdict }) => (verdict.allowed ? 0 : verdict.retryAfterMs)));
      if (retryAfterMs > 0) throw new PassbellError('rate_limited', { limit: 'sign_in', retryAfterMs });
      for (const { key, verdict } of verdicts) if (verdict.allowed) put(key, verdict.tats[0] ?? now);
      return () => {
        const interval = RULE.periodMs / RULE.count;
        for (const key of keys) {
          const tat = buckets.get(key);
          if (tat !== undefined) put(key, tat - interval);
        }
      };
    },
  };
}

/** One client's network: an IPv4 address, or the /64 that one IPv6 subscriber has to itself. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return address;
  const [head = '', tail] = bare.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  // A dotted quad at the end stands for two groups.
  const width = right.length + (right.at(-1)?.includes('.') ? 1 : 0);
  const groups =
    tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - width)).fill('0'), ...right];
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${prefix.join(':')}::/64`;
}
