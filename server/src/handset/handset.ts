import type { Carrier } from '../sms/carrier.ts';
import type { HandsetMessage } from './message.ts';

/** The sandbox phone: the far end of every test key. */
export interface Handset {
  /** What the dispatcher sends through. */
  readonly carrier: Carrier;
  /** Newest first; `to` in E.164, or null for all. `limit` 1–100. */
  messages(accountId: string, to: string | null, limit: number): Promise<readonly HandsetMessage[]>;
  /** The oldest message after the id `after` (null: after now), as soon as there is one; null when none came within `waitMs` or `signal` ended the wait. */
  next(
    accountId: string,
    to: string | null,
    after: string | null,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<HandsetMessage | null>;
  /** Ends every wait, then closes the carrier. */
  close(): Promise<void>;
}
