import type { Log } from '../observe/log.ts';
import type { Carrier, CarrierReceipt } from '../sms/carrier.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { Clock, Timer } from '../values/clock.ts';
import type { SmsBehaviour } from './behaviour.ts';

/** How late the receipt of a number ending in 0002 is. */
const LATE_MS = 5_000;
/** When a receipt that was not taken is offered again. */
const AGAIN_MS = 1_000;

type Report = Omit<CarrierReceipt, 'at'>;

/** What the sandbox phone reports about the messages it took. */
export interface Receipts {
  readonly onReceipts: Carrier['onReceipts'];
  /** Reports on one part; on a later turn of the event loop, so after the answer to its submit. */
  owe(messageId: string, behaviour: SmsBehaviour): void;
  /** Sends out all that is owed, late ones too: after this process nobody would. */
  settle(): Promise<void>;
}

export function handsetReceipts(clock: Clock, log: Log): Receipts {
  const listeners: Parameters<Carrier['onReceipts']>[0][] = [];
  const late = new Map<Report, Timer>();
  let settling = false;

  const offers = groupCommit<Report, void>(async (batch) => {
    const at = clock.now();
    const receipts = batch.map((report) => ({ ...report, at }));
    await Promise.all(listeners.map((listener) => listener(receipts)));
    return [];
  });

  function now(report: Report): void {
    offers.add(report).catch(() => {
      if (settling) log.warn('handset_receipt_lost', { message_id: report.messageId });
      else later(report, AGAIN_MS);
    });
  }

  function later(report: Report, ms: number): void {
    const timer = clock.after(ms, () => {
      late.delete(report);
      now(report);
    });
    late.set(report, timer);
  }

  return {
    onReceipts: (listener) => listeners.push(listener),

    owe(messageId, behaviour) {
      switch (behaviour) {
        case 'deliver':
          return now(delivered(messageId));
        case 'undelivered':
          // 001: unknown subscriber, what networks put into `err:` for a number that does not exist.
          return now({ messageId, state: 'undelivered', code: '001' });
        case 'doubled_receipt':
          now(delivered(messageId));
          return now(delivered(messageId));
        case 'delayed_receipt':
          return later(delivered(messageId), LATE_MS);
        case 'no_receipt':
          return;
        default:
          behaviour satisfies never;
      }
    },

    async settle() {
      settling = true;
      for (const [report, timer] of late) {
        timer.cancel();
        now(report);
      }
      late.clear();
      await offers.drain();
    },
  };
}

function delivered(messageId: string): Report {
  return { messageId, state: 'delivered', code: '000' };
}
