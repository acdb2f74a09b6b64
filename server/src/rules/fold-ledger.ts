import type { Pool } from '../errors.ts';

/** A row of the ledger, as far as folding looks at it. */
export interface LedgerRow {
  readonly subject: string;
  readonly kind: 'grant' | 'hold' | 'capture' | 'release';
  readonly pool: Pool;
  readonly amount: number;
  readonly at: number;
}

/** What stands for the rows that were folded, for each pool. */
export interface Carried {
  readonly granted: number;
  readonly captured: number;
  /** When the newest of them was written; null: there were none of this kind. */
  readonly grantedAt: number | null;
  readonly capturedAt: number | null;
}

export interface Fold {
  /** The subjects whose rows go. */
  readonly subjects: readonly string[];
  /** How many rows that are. */
  readonly rows: number;
  readonly carried: Readonly<Record<Pool, Carried>>;
}

const NOTHING: Carried = { granted: 0, captured: 0, grantedAt: null, capturedAt: null };

/**
 * Decides which subjects of a ledger may be folded into sums: those whose every row is older than `before`, and that have ended. A
 * hold that has not is never folded: its end would find nothing. A release and its hold cancel out, and leave nothing.
 *
 * What the rows add up to stays what it was: granted by the sum of grants, captured by the sum of captures, held by nothing.
 *
 * @param rows every row of the subjects that are looked at
 */
export function foldLedger(rows: readonly LedgerRow[], before: number): Fold {
  const bySubject = new Map<string, LedgerRow[]>();
  for (const row of rows) bySubject.set(row.subject, [...(bySubject.get(row.subject) ?? []), row]);
  const subjects: string[] = [];
  const carried: Record<Pool, Carried> = { sms: NOTHING, voice: NOTHING };
  let folded = 0;
  for (const [subject, own] of bySubject) {
    if (!own.every((row) => row.at < before) || !hasEnded(own)) continue;
    subjects.push(subject);
    folded += own.length;
    for (const row of own) carried[row.pool] = carry(carried[row.pool], row);
  }
  return { subjects, rows: folded, carried };
}

function hasEnded(rows: readonly LedgerRow[]): boolean {
  return rows.every(({ kind }) => kind !== 'hold') || rows.some(({ kind }) => kind === 'capture' || kind === 'release');
}

function carry(sum: Carried, { kind, amount, at }: LedgerRow): Carried {
  switch (kind) {
    case 'grant':
      return { ...sum, granted: sum.granted + amount, grantedAt: Math.max(sum.grantedAt ?? at, at) };
    case 'capture':
      return { ...sum, captured: sum.captured + amount, capturedAt: Math.max(sum.capturedAt ?? at, at) };
    case 'hold':
    case 'release':
      return sum;
    default:
      return kind satisfies never;
  }
}
