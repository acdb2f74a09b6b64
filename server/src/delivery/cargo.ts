import type { OutboundSms } from '../sms/carrier.ts';
import type { CallJob } from './job.ts';

/** What is sent once its rows are committed: a message, or a call ready to be placed. */
export type Cargo =
  | { readonly channel: 'sms'; readonly sms: OutboundSms }
  | { readonly channel: 'voice'; readonly call: Pick<CallJob, 'plan' | 'script' | 'expiresAt'> };
