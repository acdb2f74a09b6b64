import type { AttemptPart, OutcomeNext } from '../rules/outcome.ts';
import type { PartResult } from '../sms/carrier.ts';
import type { SmsPart } from '../sms/segments.ts';
import type { SmsJob } from './job.ts';
import { againElsewhere, againLater, final, MAX_DOUBTS } from './retries.ts';

/**
 * How long after a code's death a receipt is still waited for. The carrier is told the code's expiry as validity period, so its
 * last word comes soon after; then the message counts as sent.
 */
export const RECEIPT_GRACE_MS = 15 * 60_000;

/** The carrier that a try went to, and who else could be asked. */
export interface Tried {
  readonly carrier: string;
  /** Whether the carrier reports on what it took. */
  readonly receipts: boolean;
  /** Names of the carriers that serve the job's mode, this one included. */
  readonly all: readonly string[];
}

export type Plan =
  /** Nothing left the machine: no try was made, nothing is to be saved. */
  | { readonly kind: 'untried' }
  | { readonly kind: 'tried'; readonly parts: readonly AttemptPart[]; readonly next: OutcomeNext };

/**
 * What follows from a carrier's answers; notes on the job what the next try must know. Every retry of a message is decided
 * here: another carrier at once, then waits, while the code lives.
 */
export function planSms(
  job: SmsJob,
  tried: Tried,
  sent: readonly SmsPart[],
  results: readonly PartResult[],
  now: number,
): Plan {
  if (results.every((result) => result.outcome === 'not_sent')) return { kind: 'untried' };
  if (job.carrier !== tried.carrier) job.taken.clear();
  job.carrier = tried.carrier;
  job.tries += 1;
  job.triedNow.add(tried.carrier);
  const parts = sent.map((part, i) => attemptPart(part.index, results[i] ?? { outcome: 'unknown' }));
  for (const part of parts) if (part.outcome === 'accepted') job.taken.set(part.part, part.messageId);
  return { kind: 'tried', parts, next: nextStep(job, tried, results, now) };
}

function attemptPart(index: number, result: PartResult): AttemptPart {
  const code = result.outcome === 'refused' ? result.code : null;
  const messageId = result.outcome === 'accepted' ? result.messageId : null;
  return { part: index, outcome: result.outcome, code, messageId };
}

function nextStep(job: SmsJob, tried: Tried, results: readonly PartResult[], now: number): OutcomeNext {
  if (job.taken.size === job.sms.parts.length) return taken(job, tried);
  // The gravest answer decides: a message is only as good as its worst part.
  if (refused(results, 'never')) return final('failed', 'carrier_refused');
  if (results.some((result) => result.outcome === 'unknown')) {
    job.doubts += 1;
    if (job.doubts >= MAX_DOUBTS) return final('failed', 'outcome_unknown');
    return againElsewhere(job, tried.all, now) ?? againLater(job, now, 'outcome_unknown');
  }
  if (refused(results, 'elsewhere')) {
    job.refusedBy.add(tried.carrier);
    if (tried.all.every((name) => job.refusedBy.has(name))) return final('failed', 'carrier_refused');
  }
  return againElsewhere(job, tried.all, now) ?? againLater(job, now, 'carrier_error');
}

function refused(results: readonly PartResult[], retry: 'never' | 'elsewhere'): boolean {
  return results.some((result) => result.outcome === 'refused' && result.retry === retry);
}

function taken(job: SmsJob, tried: Tried): OutcomeNext {
  const ids = [...job.taken.values()];
  // A part that came without an id can never be reported on, and the message not as a whole.
  if (!tried.receipts || ids.includes(null)) return final('sent', null);
  // Parts that the carrier took as one message share an id, and are reported on once.
  const parts = new Set(ids).size;
  return { kind: 'await_receipt', until: job.sms.expiresAt + RECEIPT_GRACE_MS, parts };
}
