import type { Pool } from '../../errors.ts';
import type { Balance } from '../../rules/accept.ts';
import type { CreditEntry, CreditStore } from '../../store/tables/credits.ts';
import { type Page, pageOf, pageQuery } from './page.ts';

/** A balance as both APIs show it: granted = available + held + captured. */
export function balanceJson({ sms, voice }: Readonly<Record<Pool, Balance>>) {
  return { sms: poolJson(sms), voice: poolJson(voice) };
}

export function poolJson({ granted, held, captured }: Balance) {
  return { available: granted - held - captured, held, captured, granted };
}

/**
 * A page of an account's ledger. `limit` counts grants and deliveries: a hold and the capture or release that ends it share their
 * subject, and stay on one page.
 */
export async function ledgerPage(credits: CreditStore, accountId: string, query: unknown): Promise<Page<unknown>> {
  const asked = pageQuery(query);
  const bySubject = new Map<string, CreditEntry[]>();
  for (const entry of await credits.list(accountId, asked.limit + 1, asked.after)) {
    bySubject.set(entry.subject, [...(bySubject.get(entry.subject) ?? []), entry]);
  }
  const page = pageOf(
    [...bySubject],
    asked,
    ([subject]) => subject,
    ([, entries]) => entries.map(entryJson),
  );
  return { ...page, data: page.data.flat() };
}

function entryJson({ subject, kind, pool, amount, note, at }: CreditEntry) {
  return { kind, pool, amount, subject, note, created_at: new Date(at).toISOString() };
}
