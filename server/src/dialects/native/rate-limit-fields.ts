import type { Quota } from '../../rules/accept.ts';

/**
 * What the tightest limit leaves, as header fields: draft-ietf-httpapi-ratelimit-headers-10. Times are whole seconds, never too few.
 * @param quota null: the account has no limits
 */
export function rateLimitFields(quota: Quota | null): Record<string, string> {
  if (quota === null) return {};
  const { limit, rule, remaining, resetMs } = quota;
  return {
    'ratelimit-policy': `"${limit}";q=${rule.count};w=${Math.ceil(rule.periodMs / 1000)}`,
    ratelimit: `"${limit}";r=${remaining};t=${Math.ceil(resetMs / 1000)}`,
  };
}
