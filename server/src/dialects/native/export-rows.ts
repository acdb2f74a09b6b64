import type { Caller } from '../../accounts/caller.ts';
import { calleeOf } from '../../delivery/callee.ts';
import type { Store } from '../../store/store.ts';
import type { ExportRange } from '../../store/tables/exports.ts';
import type { Vault } from '../../vault/vault.ts';
import { chargedCredits } from './call-json.ts';
import type { CsvCell } from './csv.ts';

/** What can be exported. */
export const EXPORTS = ['messages', 'calls', 'credits'] as const;
export type ExportKind = (typeof EXPORTS)[number];

/** Rows of one page: what is in memory at a time. */
const PAGE = 500;

export interface ExportDeps {
  readonly store: Pick<Store, 'exports' | 'calls'>;
  readonly vault: Pick<Vault, 'open'>;
}

/** A table to be exported: its head, and its rows page by page, newest first. */
interface ExportTable {
  readonly head: readonly string[];
  readonly pages: AsyncGenerator<readonly (readonly CsvCell[])[]>;
}

/** A key sees what its lists show it: messages and calls of its mode, and all of the ledger, which both modes pay from. */
export function exportTable(kind: ExportKind, who: Caller, range: ExportRange, deps: ExportDeps): ExportTable {
  switch (kind) {
    case 'messages':
      return messages(who, range, deps);
    case 'calls':
      return calls(who, range, deps);
    case 'credits':
      return credits(who, range, deps);
    default:
      return kind satisfies never;
  }
}

function messages({ account, mode }: Caller, range: ExportRange, { store, vault }: ExportDeps): ExportTable {
  return {
    head: [
      ...['id', 'created_at', 'verification', 'to', 'dialect', 'state', 'reason'],
      ...['carrier', 'segments', 'credits', 'submitted_at', 'ended_at'],
    ],
    pages: paged(
      (after) => store.exports.messages(account.id, mode, range, PAGE, after),
      ({ id }) => id,
      (row) => [
        ...[`msg_${row.id}`, time(row.createdAt), row.verification ? `ver_${row.otpId}` : null],
        ...[calleeOf(row, vault), row.dialect, row.state, row.reason],
        ...[row.carrier, row.segments, row.credits, time(row.submittedAt), time(row.finalAt)],
      ],
    ),
  };
}

function calls({ account, mode }: Caller, range: ExportRange, { store, vault }: ExportDeps): ExportTable {
  const filter = {
    ...{ mode, createdBefore: range.createdBefore },
    ...(range.createdAfter !== null && { createdAfter: range.createdAfter }),
  };
  return {
    head: [
      ...['id', 'created_at', 'to', 'from', 'anonymous', 'dialect', 'instruction_id', 'state', 'reason', 'outcome'],
      ...['sip_status', 'q850_cause', 'trunk', 'replays', 'spoken_seconds', 'credits'],
      ...['ringing_at', 'answered_at', 'ended_at'],
    ],
    pages: paged(
      (after) => store.calls.after(account.id, filter, PAGE, after),
      ({ id }) => id,
      (row) => [
        ...[`call_${row.id}`, time(row.createdAt), calleeOf(row, vault), row.caller, row.anonymous, row.dialect],
        ...[row.instructionId, row.state, row.reason, row.outcome, row.sipStatus, row.cause],
        ...[row.trunk, row.replays, row.spokenMs / 1000, chargedCredits(row)],
        ...[time(row.ringingAt), time(row.answeredAt), time(row.endedAt ?? row.finalAt)],
      ],
    ),
  };
}

function credits({ account }: Caller, range: ExportRange, { store }: ExportDeps): ExportTable {
  return {
    head: ['created_at', 'kind', 'pool', 'amount', 'subject', 'note'],
    pages: paged(
      (after) => store.exports.credits(account.id, range, PAGE, after),
      ({ subject }) => subject,
      ({ at, kind, pool, amount, subject, note }) => [time(at), kind, pool, amount, subject, note],
    ),
  };
}

/** Asks for page after page, until one is empty. */
async function* paged<T>(
  page: (after: string | null) => Promise<readonly T[]>,
  id: (row: T) => string,
  cells: (row: T) => readonly CsvCell[],
): AsyncGenerator<readonly (readonly CsvCell[])[]> {
  for (let after: string | null = null; ; ) {
    const rows: readonly T[] = await page(after);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(cells);
    after = id(last);
  }
}

function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
