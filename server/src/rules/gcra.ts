/** At most `count` in `periodMs`: a burst of `count` at once, then one each `periodMs / count`. */
export interface LimitRule {
  /** 1 … 1,000,000. */
  readonly count: number;
  /** Milliseconds, 1 s … 31 d. */
  readonly periodMs: number;
}

export type GcraVerdict =
  | { readonly allowed: true; readonly tats: readonly number[] }
  /** `rule`: the one that refuses the longest. */
  | { readonly allowed: false; readonly retryAfterMs: number; readonly rule: LimitRule };

/** What a rule leaves after a send. */
export interface Left {
  /** Sends that it would let through now. */
  readonly remaining: number;
  /** In how long it is untouched again, ms. */
  readonly resetMs: number;
  readonly rule: LimitRule;
}

/**
 * What is left of the tightest rule after a send was let through.
 * @param tats as `gcra` returned them
 */
export function leftOf(rules: readonly LimitRule[], tats: readonly number[], now: number): Left {
  const none = { count: Number.POSITIVE_INFINITY, periodMs: 0 };
  let least: Left = { remaining: none.count, resetMs: 0, rule: none };
  for (const [i, rule] of rules.entries()) {
    const ahead = Math.max(0, (tats[i] ?? now) - now);
    const remaining = Math.max(0, Math.floor(rule.count - ahead / intervalOf(rule)));
    if (remaining < least.remaining) least = { remaining, resetMs: Math.ceil(ahead), rule };
  }
  return least;
}

/** From one send to the next at the exact rate, ms. */
function intervalOf({ count, periodMs }: LimitRule): number {
  return Math.ceil((periodMs * GRID) / count) / GRID;
}

/**
 * Intervals are rounded up to this part of a millisecond. A double holds such multiples exactly until the year 2109, so that
 * arrival times add up without error; unrounded, the last of a burst of seven in ten minutes was refused by 0.0002 ms.
 */
const GRID = 2048;

/**
 * A rule's time runs no further ahead than its burst; one that does so by more than the clocks of two nodes may differ is another
 * rule's, from before the rules were changed, or was written before the clock was set back. It counts as a burst used but for one:
 * believed, it would refuse for as long as it lies ahead, days perhaps.
 */
const SKEW_MS = 60_000;

/**
 * The generic cell rate algorithm (ITU-T I.371 annex A, virtual scheduling) over several rules at once: allowed only if
 * every rule allows it, and only then counted in each. `tats` holds one theoretical arrival time per rule, in the order of
 * the rules; a missing one is a fresh bucket. Never lets through more than the exact rate, and less by no more than the
 * rounding above. `now` is in whole milliseconds.
 */
export function gcra(rules: readonly LimitRule[], tats: readonly number[], now: number): GcraVerdict {
  const next: number[] = [];
  let refusal: { readonly retryAfterMs: number; readonly rule: LimitRule } | undefined;
  for (const [i, rule] of rules.entries()) {
    const interval = intervalOf(rule);
    const kept = tats[i] ?? 0;
    const isForeign = kept > now + interval * rule.count + SKEW_MS;
    const tat = isForeign ? now + interval * (rule.count - 1) : Math.max(kept, now);
    const allowedFrom = tat - interval * (rule.count - 1);
    const waitMs = Math.ceil(allowedFrom - now);
    if (waitMs > (refusal?.retryAfterMs ?? 0)) refusal = { retryAfterMs: waitMs, rule };
    next.push(tat + interval);
  }
  return refusal ? { allowed: false, ...refusal } : { allowed: true, tats: next };
}
