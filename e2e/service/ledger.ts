import { expect } from 'vitest';
import { type Answer, balance, call } from './api.ts';

interface Entry {
  readonly kind: 'grant' | 'hold' | 'capture' | 'release';
  readonly pool: 'sms' | 'voice';
  readonly amount: number;
  readonly subject: string;
}

/** Every row of an account's ledger. */
export async function ledger(url: string, key: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Answer<{ data: Entry[]; next_cursor: string | null }> = await call(
      'GET',
      `${url}/v1/credits?limit=100${after}`,
      { key },
    );
    expect(page.status).toBe(200);
    entries.push(...page.body.data);
    cursor = page.body.next_cursor;
  } while (cursor !== null);
  return entries;
}

/**
 * The rows of the ledger against the balance: granted = available + held + captured, nothing negative, and every hold ended at most
 * once, by a capture or a release of just its amount.
 */
export async function checkLedger(url: string, key: string, pool: 'sms' | 'voice' = 'sms'): Promise<void> {
  const entries = (await ledger(url, key)).filter((entry) => entry.pool === pool);
  const now = await balance(url, key, pool);
  expect(now.granted).toBe(now.available + now.held + now.captured);
  for (const amount of Object.values(now)) expect(amount).toBeGreaterThanOrEqual(0);

  const sum = (kind: Entry['kind']) =>
    entries.filter((entry) => entry.kind === kind).reduce((total, entry) => total + entry.amount, 0);
  expect(sum('grant')).toBe(now.granted);
  expect(sum('capture')).toBe(now.captured);
  expect(sum('hold') - sum('capture') - sum('release')).toBe(now.held);

  const holds = new Map<string, number>();
  for (const { kind, subject, amount } of entries) {
    if (kind !== 'hold') continue;
    if (holds.has(subject)) throw new Error(`two holds for ${subject}`);
    holds.set(subject, amount);
  }
  const ended = new Set<string>();
  for (const { kind, subject, amount } of entries) {
    if (kind !== 'capture' && kind !== 'release') continue;
    if (ended.has(subject)) throw new Error(`${subject} ended twice`);
    ended.add(subject);
    if (holds.get(subject) !== amount) throw new Error(`${subject} ended without a hold of that amount`);
  }
}
