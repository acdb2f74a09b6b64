import { accountKey, type Dialect } from '../rules/accept.ts';

/**
 * How many otps a dialect has made in an account, kept with every accept: what a list's `count` answers without counting rows.
 */
export function countName(dialect: Dialect): string {
  return `otps:${dialect}`;
}

/** Where that count stands among the counters. */
export function countKey(accountId: string, dialect: Dialect): string {
  return accountKey(accountId, countName(dialect));
}
