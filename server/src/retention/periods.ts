const DAY_MS = 86_400_000;

/**
 * What is kept how long, in milliseconds: the whole schedule, but for what each account sets itself. Codes and texts go sooner: as soon as
 * nothing is sent or shown with them any more (`settings.revealSeconds`, a day unless it says otherwise). See docs/retention.md.
 */
export const PERIODS = {
  /** Numbers, and what was said of them: metadata, callback places, callers, warnings. From when a send was made. */
  numbers: 30 * DAY_MS,
  /** Callbacks that were sent, or given up. */
  callbacks: 30 * DAY_MS,
  /** What the sandbox phone got. */
  handset: DAY_MS,
  /** Single entries of the ledger; then they are folded into sums. */
  ledger: 365 * DAY_MS,
  audit: 365 * DAY_MS,
} as const;

/**
 * The midnight (UTC) before which entries have outlived `period`: folding and trimming go by whole days, for each time they do is an entry
 * of the audit log.
 */
export function daysOver(period: number, now: number): number {
  return Math.floor((now - period) / DAY_MS) * DAY_MS;
}
