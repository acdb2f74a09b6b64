import type { ErrorDetails, LimitName } from '../errors.ts';
import type { Quota } from '../rules/accept.ts';
import type { LimitRule } from '../rules/gcra.ts';

// Header fields of draft-ietf-httpapi-ratelimit-headers-10: §3 what a limit allows, §4 what is left of it. Whole seconds, never too few.

/**
 * What the tightest limit leaves after a send.
 * @param quota null: the account has no limits
 */
export function rateLimitFields(quota: Quota | null): Record<string, string> {
  if (quota === null) return {};
  const { limit, rule, remaining, resetMs } = quota;
  return { ...policyField(limit, rule), ...leftField(limit, remaining, resetMs) };
}

/** What a refusal says of the limit that was reached: how much it allows, where it counts sends, and that nothing is left for now. */
export function limitReachedFields({
  limit,
  retryAfterMs,
  rule,
}: ErrorDetails['rate_limited']): Record<string, string> {
  return { ...(rule && policyField(limit, rule)), ...leftField(limit, 0, retryAfterMs) };
}

function policyField(limit: LimitName, { count, periodMs }: LimitRule) {
  return { 'ratelimit-policy': `"${limit}";q=${count};w=${Math.ceil(periodMs / 1000)}` };
}

function leftField(limit: LimitName, remaining: number, resetMs: number) {
  return { ratelimit: `"${limit}";r=${remaining};t=${Math.ceil(resetMs / 1000)}` };
}
