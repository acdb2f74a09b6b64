import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log } from '../observe/log.ts';
import type { Carrier, CarrierReceipt } from '../sms/carrier.ts';
import type { Clock, Timer } from '../values/clock.ts';
import type { SmsBehaviour } from './behaviour.ts';

/** How late the receipt of a number ending in 0002 is. */
const LATE_MS = 5_000;
/** When receipts that nobody took are offered again. */
const AGAIN_MS = 1_000;
const BATCH = 1_000;

type Report = Omit<CarrierReceipt, 'at'>;

/** What the sandbox phone reports about the messages it took. */
export interface Receipts {
  readonly onReceipts: Carrier['onReceipts'];
  /** Reports on the parts of messages that were just answered: on a later turn of the event loop, so after the answer. */
  owe(messages: readonly { readonly behaviour: SmsBehaviour; readonly partIds: readonly string[] }[]): void;
  /** Sends out all that is owed, late ones too: after this process nobody would. */
  settle(): Promise<void>;
}

export function handsetReceipts(clock: Clock, log: Log): Receipts {
  const listeners: Parameters<Carrier['onReceipts']>[0][] = [];
  const due: Report[] = [];
  const late = new Map<readonly Report[], Timer>();
  let settling = false;
  let running: Promise<void> | null = null;

  /** One batch at a time: what falls due while it is being taken goes together into the next. */
  async function run(): Promise<void> {
    while (due.length > 0) {
      await nextTurn();
      const batch = due.splice(0, BATCH);
      const at = clock.now();
      const receipts = batch.map((report) => ({ ...report, at }));
      try {
        await Promise.all(listeners.map((listener) => listener(receipts)));
      } catch {
        log.warn('handset_receipts_not_taken', { receipts: batch.length, lost: settling });
        if (!settling) later(batch, AGAIN_MS);
      }
    }
    running = null;
  }

  function now(reports: readonly Report[]): void {
    due.push(...reports);
    if (due.length > 0) running ??= run();
  }

  function later(reports: readonly Report[], ms: number): void {
    const timer = clock.after(ms, () => {
      late.delete(reports);
      now(reports);
    });
    late.set(reports, timer);
  }

  return {
    onReceipts: (listener) => listeners.push(listener),

    owe(messages) {
      for (const { behaviour, partIds } of messages) {
        const reports = partIds.map((messageId) => reportOn(messageId, behaviour));
        switch (behaviour) {
          case 'deliver':
          case 'undelivered':
            now(reports);
            break;
          case 'doubled_receipt':
            now([...reports, ...reports]);
            break;
          case 'delayed_receipt':
            later(reports, LATE_MS);
            break;
          case 'no_receipt':
            break;
          default:
            behaviour satisfies never;
        }
      }
    },

    async settle() {
      settling = true;
      for (const [reports, timer] of late) {
        timer.cancel();
        now(reports);
      }
      await running;
    },
  };
}

function reportOn(messageId: string, behaviour: SmsBehaviour): Report {
  // 001: unknown subscriber, what networks put into `err:` for a number that does not exist.
  if (behaviour === 'undelivered') return { messageId, state: 'undelivered', code: '001' };
  return { messageId, state: 'delivered', code: '000' };
}
