import type { LimitRule } from '../rules/gcra.ts';
import { parseDuration, writeDuration } from './duration.ts';
import type { Parsed } from './parsed.ts';

const MOST = 1_000_000;
const LEAST_MS = 1_000;
const MOST_MS = 31 * 86_400_000;
/** A request is judged against each of them, inside the commit. */
const MOST_RULES = 10;

/** Reads limits: `3/10m,5/1h,10/1d` is at most 3 in ten minutes, and 5 in an hour, and 10 in a day; `none` is no limit. */
export function parseLimitRules(text: string): Parsed<readonly LimitRule[]> {
  if (text === 'none') return { value: [] };
  const rules: LimitRule[] = [];
  for (const part of text.split(',')) {
    const rule = parseRule(part.trim());
    if ('fault' in rule) return rule;
    rules.push(rule.value);
  }
  return rules.length > MOST_RULES
    ? { fault: `more than ${MOST_RULES} limits at once are too many` }
    : { value: rules };
}

/** The spelling that `parseLimitRules` reads as `rules`. */
export function writeLimitRules(rules: readonly LimitRule[]): string {
  return rules.length === 0 ? 'none' : rules.map((rule) => `${rule.count}/${writeDuration(rule.periodMs)}`).join(',');
}

function parseRule(text: string): Parsed<LimitRule> {
  const [, digits, time] = /^(\d{1,8})\/(.+)$/.exec(text) ?? [];
  if (digits === undefined || time === undefined) {
    return { fault: `'${text}' is not a limit: write a count, a slash and a length of time, as in 3/10m, or none` };
  }
  const count = Number(digits);
  if (count < 1 || count > MOST) return { fault: `the count of '${text}' is not from 1 to 1,000,000` };
  const period = parseDuration(time);
  if ('fault' in period) return period;
  if (period.value < LEAST_MS || period.value > MOST_MS) {
    return { fault: `the time of '${text}' is not from 1s to 31d` };
  }
  return { value: { count, periodMs: period.value } };
}
