/** At most `count` in `periodMs`: a burst of `count` at once, then one each `periodMs / count`. */
export interface LimitRule {
  /** 1 … 1,000,000. */
  readonly count: number;
  /** Milliseconds, 1 s … 31 d. */
  readonly periodMs: number;
}

export type GcraVerdict =
  | { readonly allowed: true; readonly tats: readonly number[] }
  | { readonly allowed: false; readonly retryAfterMs: number };

/**
 * The generic cell rate algorithm (ITU-T I.371 annex A, virtual scheduling) over several rules at once: allowed only if
 * every rule allows it, and only then counted in each. `tats` holds one theoretical arrival time per rule, in the order of
 * the rules; a missing one is a fresh bucket.
 */
export function gcra(rules: readonly LimitRule[], tats: readonly number[], now: number): GcraVerdict {
  const next: number[] = [];
  let retryAfterMs = 0;
  for (const [i, rule] of rules.entries()) {
    const interval = rule.periodMs / rule.count;
    const tat = Math.max(tats[i] ?? 0, now);
    const allowedFrom = tat + interval - rule.periodMs;
    if (allowedFrom > now) retryAfterMs = Math.max(retryAfterMs, allowedFrom - now);
    next.push(tat + interval);
  }
  return retryAfterMs > 0 ? { allowed: false, retryAfterMs: Math.ceil(retryAfterMs) } : { allowed: true, tats: next };
}
