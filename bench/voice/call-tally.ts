/** What the callback of a call says of it; times as RFC 3339 writes them. */
export interface Told {
  readonly 'call-id': string;
  readonly 'started-on': string;
  readonly 'answered-on': string | null;
  readonly 'finished-on': string;
  readonly result: { readonly code: number };
}

/** A row of the account's ledger. */
export interface LedgerEntry {
  readonly kind: 'grant' | 'hold' | 'capture' | 'release';
  /** Of a hold and what ends it: the call. */
  readonly subject: string;
}

/** What became of the calls that were told of. */
export interface CallTally {
  readonly finished: number;
  readonly charged: number;
  /** Charges and callbacks that came after the first one of their call. */
  readonly twice: number;
  /** Answered and not over, at the same time, at the most. */
  readonly peak: number;
  /** From being asked for to their end, at the most, ms. */
  readonly longestMs: number;
}

/** CM's "Finished successfully". */
const COMPLETED = 10;

export function tallyCalls(told: readonly Told[], ledger: readonly LedgerEntry[]): CallTally {
  const calls = new Map(told.map((call) => [call['call-id'], call]));
  const captures = ledger.flatMap(({ kind, subject }) => (kind === 'capture' ? (calls.get(subject) ?? []) : []));
  const charged = new Set(captures);
  const ended = [...calls.values()];
  return {
    finished: ended.filter(({ result }) => result.code === COMPLETED).length,
    charged: charged.size,
    twice: told.length - calls.size + (captures.length - charged.size),
    peak: mostAtOnce(ended),
    longestMs: Math.max(0, ...ended.map((call) => Date.parse(call['finished-on']) - Date.parse(call['started-on']))),
  };
}

function mostAtOnce(calls: readonly Told[]): number {
  const changes = calls.flatMap((call) => {
    const answered = call['answered-on'];
    if (answered === null) return [];
    return [
      { at: Date.parse(answered), by: 1 },
      { at: Date.parse(call['finished-on']), by: -1 },
    ];
  });
  let up = 0;
  let most = 0;
  // Of those in the same millisecond, ends come first.
  for (const { by } of changes.sort((a, b) => a.at - b.at || a.by - b.by)) {
    up += by;
    most = Math.max(most, up);
  }
  return most;
}
