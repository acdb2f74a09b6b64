import { duration } from '../service/duration.ts';
import type { Call } from './calls-api.ts';

/** How a call ended, in a few words, and what a trunk would have said. */
export function ending(call: Call): readonly string[] {
  const { outcome, reason, sip_status } = call;
  const said = [sip_status, reason].filter(Boolean).join(' ');
  return [words(call, outcome ?? 'failed'), said].filter((part) => part !== '');
}

function words(call: Call, outcome: NonNullable<Call['outcome']>): string {
  const { started_at, answered_at, ended_at, sip_status } = call;
  const lasted = (since: string) => duration((Date.parse(ended_at ?? since) - Date.parse(since)) / 1000);
  switch (outcome) {
    case 'completed':
      return `answered, ${lasted(answered_at ?? started_at)}`;
    case 'cancelled':
      return `not answered, rang ${lasted(started_at)}`;
    case 'rejected':
      // RFC 3261 §21.4.24, §21.6.1.
      return sip_status === 486 || sip_status === 600 ? 'busy' : 'declined';
    case 'failed':
      return answered_at === null ? 'failed' : `broken off, ${lasted(answered_at)}`;
  }
}
