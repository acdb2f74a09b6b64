import type { CallEnd } from '../../voice/calls/call-engine.ts';
import type { HandsetCall } from './handset-calls.ts';
import type { Words } from './recording.ts';

/** What is known of a call by the node that placed it: sealed in the store. Times are milliseconds since the epoch. */
export interface CallRecord {
  readonly to: string;
  readonly from: string | null;
  readonly anonymous: boolean;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly end: Pick<CallEnd, 'outcome' | 'sipStatus' | 'reason'> | null;
  readonly keys: string;
  readonly words: readonly Words[];
  /** When it has ended at the latest: if it has not, its node is gone. */
  readonly endsBy: number;
}

/** For the last save, and for clocks of nodes that differ. */
const SLACK_MS = 5_000;

/** The call as readers see it at `now`. `orphaned`: the node that placed it is known to be gone. */
export function callOf(id: string, record: CallRecord, now: number, orphaned: boolean): HandsetCall {
  const { to, anonymous, startedAt, answeredAt, keys } = record;
  const { endedAt, end } = orphaned || now > record.endsBy + SLACK_MS ? cutOff(record) : record;
  const heardMs = answeredAt === null ? 0 : (endedAt ?? now) - answeredAt;
  // Once it has ended, only what was heard is left in the record.
  const said = record.endedAt === null ? record.words.filter(([startMs]) => startMs < heardMs) : record.words;
  return {
    ...{ id, to, anonymous, startedAt, answeredAt, endedAt, keys, end },
    // What a phone shows.
    from: anonymous ? null : record.from,
    state: endedAt !== null ? 'ended' : answeredAt !== null ? 'answered' : 'ringing',
    transcript: said.map(([, text]) => text).join(' '),
  };
}

function cutOff(record: CallRecord): Pick<CallRecord, 'endedAt' | 'end'> {
  if (record.endedAt !== null) return record;
  const reason = 'The server that placed it stopped.';
  return { endedAt: record.endsBy, end: { outcome: 'failed', sipStatus: null, reason } };
}
