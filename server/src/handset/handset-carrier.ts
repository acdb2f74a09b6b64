import type { Log } from '../observe/log.ts';
import type { Carrier, OutboundSms, PartResult } from '../sms/carrier.ts';
import type { Clock } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';
import { smsBehaviour } from './behaviour.ts';
import type { Inbox } from './inbox.ts';
import type { HandsetMessage } from './message.ts';
import { onAirHex } from './on-air.ts';
import { handsetReceipts } from './receipts.ts';

/** Messages that may be on their way into the inbox at once. */
const CAPACITY = 5_000;
/** What one commit takes at most: a larger one keeps its first message waiting for longer than it saves. */
const BATCH = 1_000;

export interface HandsetCarrierDeps {
  readonly inbox: Pick<Inbox, 'land'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

interface Submit {
  readonly sms: OutboundSms;
  readonly signal: AbortSignal;
  readonly answer: (result: (partIndex: number) => PartResult) => void;
}

/**
 * The carrier `handset`, whose far end is the sandbox phone. Messages that come while a commit is under way go together into the
 * next. Each submit makes a message of its own, so that one submitted twice is seen twice.
 */
export function handsetCarrier({ inbox, clock, ids, log }: HandsetCarrierDeps): Carrier {
  const waiting: Submit[] = [];
  const receipts = handsetReceipts(clock, log);
  const freeListeners: (() => void)[] = [];
  let landing = 0;
  let trouble: string | null = null;
  let closed = false;
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    // One turn of the microtask queue, so that messages handed over in one loop share the first commit too.
    await null;
    while (waiting.length > 0) {
      await land(waiting.splice(0, BATCH));
      for (const listener of freeListeners) listener();
    }
    running = null;
  }

  async function land(batch: readonly Submit[]): Promise<void> {
    landing = batch.length;
    const receivedAt = clock.now();
    const taken = [];
    for (const { sms, signal, answer } of batch) {
      if (signal.aborted || closed) answer(notSent);
      else taken.push({ sms, answer, behaviour: smsBehaviour(sms.to), message: received(sms, ids(), receivedAt) });
    }
    const arrivals = taken
      .filter(({ behaviour }) => behaviour !== 'undelivered')
      .map(({ sms, message }) => ({ accountId: sms.accountId, message }));
    try {
      if (arrivals.length > 0) await inbox.land(arrivals);
      trouble = null;
      for (const { message, answer } of taken) {
        answer((index) => ({ outcome: 'accepted', messageId: partId(message, index) }));
      }
      receipts.owe(
        taken.map(({ message, behaviour }) => ({
          behaviour,
          partIds: message.parts.map((_, index) => partId(message, index)),
        })),
      );
    } catch (cause) {
      trouble = 'The store did not take the last messages of the sandbox phone; see the log for its error.';
      log.error('handset_land_failed', { messages: arrivals.length }, cause);
      for (const { answer } of taken) answer(unknown);
    } finally {
      landing = 0;
    }
  }

  return {
    name: 'handset',
    receipts: true,

    send(sms, signal) {
      const { promise, resolve } = Promise.withResolvers<readonly PartResult[]>();
      waiting.push({ sms, signal, answer: (result) => resolve(sms.parts.map((_, index) => result(index))) });
      running ??= run();
      return promise;
    },

    status: () => ({
      state: closed ? 'down' : trouble === null ? 'up' : 'degraded',
      free: closed ? 0 : Math.max(0, CAPACITY - waiting.length - landing),
      trouble: closed ? 'The sandbox phone is switched off.' : trouble,
    }),

    onFree: (listener) => freeListeners.push(listener),
    onReceipts: receipts.onReceipts,

    async close(graceMs) {
      closed = true;
      const grace = Promise.withResolvers<void>();
      const timer = clock.after(graceMs, grace.resolve);
      const settled = (async () => {
        await running;
        await receipts.settle();
      })();
      await Promise.race([settled, grace.promise]);
      timer.cancel();
    },
  };
}

function notSent(): PartResult {
  return { outcome: 'not_sent' };
}

/** The commit failed, and may yet have been made. */
function unknown(): PartResult {
  return { outcome: 'unknown' };
}

function partId(message: HandsetMessage, index: number): string {
  return message.parts.length === 1 ? message.id : `${message.id}.${index + 1}`;
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
