import type { Carrier, OutboundSms } from '../sms/carrier.ts';
import type { Clock } from '../values/clock.ts';
import type { Conclusions } from './conclusions.ts';
import type { Attempt } from './dispatcher.ts';
import type { SmsJob } from './job.ts';
import { type Plan, planSms } from './plan-sms.ts';

/** How soon a carrier that said it was free, and then took nothing, is asked again. */
const UNTRIED_WAIT_MS = 250;

interface Deps {
  readonly conclusions: Conclusions;
  readonly clock: Clock;
}

/** One try of a message at a carrier. */
export function sendSms({ conclusions, clock }: Deps): Attempt<SmsJob, Carrier> {
  const signal = new AbortController();

  /** When to try again. */
  async function conclude(job: SmsJob, carrier: string, plan: Plan): Promise<number | null> {
    if (plan.kind === 'untried') return UNTRIED_WAIT_MS;
    const conclusion = { attempt: { n: job.tries, carrier, parts: plan.parts }, next: plan.next };
    if (plan.next.kind !== 'retry') {
      conclusions.end(job, conclusion);
      return null;
    }
    // The next try must not leave before this one is written down: after a crash it would be made once more.
    const verdict = await conclusions.save(job, conclusion);
    return verdict.kind === 'applied' ? plan.next.dueAt - clock.now() : null;
  }

  return (job, carrier, all) => {
    const sms = remaining(job, carrier.name);
    const { name, receipts } = carrier;
    const away = carrier.send(sms, signal.signal);
    const again = away.then((results) =>
      conclude(job, name, planSms(job, { carrier: name, receipts, all }, sms.parts, results, clock.now())),
    );
    return { away, again };
  };
}

/** What a carrier has still to get: all of it, or the parts that it did not take before. */
function remaining(job: SmsJob, carrier: string): OutboundSms {
  if (job.carrier !== carrier || job.taken.size === 0) return job.sms;
  return { ...job.sms, parts: job.sms.parts.filter((part) => !job.taken.has(part.index)) };
}
