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
  function conclude(job: SmsJob, carrier: string, plan: Plan): number | Promise<number | null> {
    if (plan.kind === 'untried') return UNTRIED_WAIT_MS;
    return conclusions.after(job, { attempt: { n: job.tries, carrier, parts: plan.parts }, next: plan.next });
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
