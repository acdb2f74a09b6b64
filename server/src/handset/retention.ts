import type { HandsetStore } from '../store/tables/handset.ts';

const KEEP_MS = 24 * 60 * 60_000;
const BATCH = 1_000;

/** Deletes the sandbox phone's messages that came more than 24 hours before `now`, a thousand a commit; returns how many. */
export async function sweepHandset(store: { readonly handset: HandsetStore }, now: number): Promise<number> {
  let swept = 0;
  for (;;) {
    const count = await store.handset.sweep(now - KEEP_MS, BATCH);
    swept += count;
    if (count < BATCH) return swept;
  }
}
