import { monotonicMicros } from '../measure/clock.ts';

/** What the stand-in has seen since it started. */
export interface Counts {
  /** When these were read, monotonic µs. */
  readonly at: number;
  readonly binds: number;
  readonly submits: number;
  readonly answers: number;
  /** Sum over the answers of the time from arrival to answer, µs. */
  readonly delay: number;
  readonly receipts: number;
  readonly receiptAnswers: number;
}

/** What one process of the stand-in counts, over all its sessions. */
export interface Tally {
  binds: number;
  submits: number;
  answers: number;
  delay: number;
  receipts: number;
  receiptAnswers: number;
  /** When the first message to each destination came, monotonic µs; null when not traced, for it costs time. */
  readonly arrivals: Map<string, number> | null;
}

export function newTally(trace: boolean): Tally {
  return {
    binds: 0,
    submits: 0,
    answers: 0,
    delay: 0,
    receipts: 0,
    receiptAnswers: 0,
    arrivals: trace ? new Map() : null,
  };
}

export function counts({ arrivals: _, ...rest }: Tally): Counts {
  return { at: monotonicMicros(), ...rest };
}
