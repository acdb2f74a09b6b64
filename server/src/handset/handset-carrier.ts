import type { Log } from '../observe/log.ts';
import type { Carrier, OutboundSms } from '../sms/carrier.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import { smsBehaviour } from './behaviour.ts';
import type { Inbox } from './inbox.ts';
import type { HandsetMessage } from './message.ts';
import { onAirHex } from './on-air.ts';
import { handsetReceipts } from './receipts.ts';

/** Messages that may be on their way into the inbox at once. */
const CAPACITY = 5_000;

export interface HandsetCarrierDeps {
  readonly inbox: Pick<Inbox, 'land'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

/**
 * The carrier `handset`, whose far end is the sandbox phone. Each submit makes a message of its own, so that one submitted twice
 * is seen twice.
 */
export function handsetCarrier({ inbox, clock, ids, log }: HandsetCarrierDeps): Carrier {
  const receipts = handsetReceipts(clock, log);
  const freeListeners: (() => void)[] = [];
  let trouble: string | null = null;
  let closed = false;

  const commits = groupCommit<OutboundSms, HandsetMessage>(async (batch) => {
    // Ids are drawn here, not on arrival, so that their order is the order in which messages can be seen.
    const receivedAt = clock.now();
    const arrivals = batch.map((sms) => ({ accountId: sms.accountId, message: received(sms, ids(), receivedAt) }));
    try {
      await inbox.land(arrivals.filter(({ message }) => smsBehaviour(message.to) !== 'undelivered'));
      trouble = null;
    } catch (cause) {
      trouble = 'The store did not take the last messages of the sandbox phone; see the log for its error.';
      log.error('handset_land_failed', { messages: batch.length }, cause);
      throw cause;
    } finally {
      // Once the batch is answered.
      setImmediate(() => {
        for (const listener of freeListeners) listener();
      });
    }
    return arrivals.map(({ message }) => message);
  });

  return {
    name: 'handset',
    receipts: true,

    async send(sms, signal) {
      if (closed || signal.aborted) return sms.parts.map(() => ({ outcome: 'not_sent' }));
      try {
        const message = await commits.add(sms);
        const behaviour = smsBehaviour(sms.to);
        return sms.parts.map((_, index) => {
          const messageId = sms.parts.length === 1 ? message.id : `${message.id}.${index + 1}`;
          receipts.owe(messageId, behaviour);
          return { outcome: 'accepted', messageId };
        });
      } catch {
        // The commit failed, and may yet have been made.
        return sms.parts.map(() => ({ outcome: 'unknown' }));
      }
    },

    status: () => ({
      state: closed ? 'down' : trouble === null ? 'up' : 'degraded',
      free: closed ? 0 : Math.max(0, CAPACITY - commits.waiting),
      trouble: closed ? 'The sandbox phone is switched off.' : trouble,
    }),

    onFree: (listener) => freeListeners.push(listener),
    onReceipts: receipts.onReceipts,

    async close(graceMs) {
      closed = true;
      const grace = Promise.withResolvers<void>();
      const timer = clock.after(graceMs, grace.resolve);
      const settled = commits.drain().then(receipts.settle);
      await Promise.race([settled, grace.promise]);
      timer.cancel();
    },
  };
}

function received(sms: OutboundSms, id: string, receivedAt: number): HandsetMessage {
  return {
    id,
    to: sms.to,
    from: sms.from,
    text: sms.text,
    segments: sms.parts.length,
    encoding: sms.encoding,
    dataCoding: sms.encoding === 'gsm7' ? 0 : 8,
    parts: sms.parts.map(onAirHex),
    receivedAt,
  };
}
