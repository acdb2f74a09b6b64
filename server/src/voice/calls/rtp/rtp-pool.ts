import type { Worker } from 'node:worker_threads';
import { PassbellError } from '../../../errors.ts';
import type { Log } from '../../../observe/log.ts';
import type { Random } from '../../../values/random.ts';
import type { MediaPool } from './media.ts';
import { type MediaThread, mediaThread, startWorker } from './media-thread.ts';
import { type Ports, portRange } from './port-range.ts';
import type { RtpSeed } from './rtp-sender.ts';
import type { RtpTally } from './thread-messages.ts';

export interface RtpPoolOptions {
  /** Threads, 1 or more: each serves some hundreds of calls. */
  readonly threads: number;
  /** The even ones of them are used; `any`: whatever the system gives, for tests. */
  readonly ports: Ports | 'any';
  /** Addresses to bind: one for each family. */
  readonly host: { readonly 4: string; readonly 6: string };
}

export const DEFAULT_RTP: RtpPoolOptions = {
  threads: 1,
  ports: { first: 16_384, last: 32_767 },
  host: { 4: '0.0.0.0', 6: '::' },
};

/** A port that another program has is passed over; so many of them in a row, and it is no accident. */
const MAX_TRIES = 64;

export interface RtpPool extends MediaPool {
  /** Sessions that are open, or being opened. */
  readonly sessions: number;
  /** Packets of all sessions that have ended. */
  readonly tally: RtpTally;
  /** Ends all sessions without a word to them, and the threads. */
  close(): Promise<void>;
}

/**
 * RTP sessions over media threads. When a thread dies its sessions are `lost`, and the next `open` starts another.
 * @param startThread is there for tests.
 */
export function rtpPool(
  { threads, ports, host }: RtpPoolOptions,
  { random, log, startThread = startWorker }: { random: Random; log: Log; startThread?: () => Worker },
): RtpPool {
  const range = portRange(ports);
  const tally = { sent: 0, received: 0, dropped: 0, skipped: 0 };
  let closed = false;
  // At once: a call that is to be placed shall not wait for a thread to start.
  let pool: readonly MediaThread[] = Array.from({ length: threads }, start);

  function start(): MediaThread {
    return mediaThread(startThread(), (cause) => log.error('media_thread_ended', {}, cause));
  }

  /** The thread with the fewest calls. */
  function choose(): MediaThread | null {
    if (closed) return null;
    pool = pool.map((thread) => (thread.alive ? thread : start()));
    return pool.toSorted((a, b) => a.sessions - b.sessions)[0] ?? null;
  }

  function add(ended: RtpTally): void {
    tally.sent += ended.sent;
    tally.received += ended.received;
    tally.dropped += ended.dropped;
    tally.skipped += ended.skipped;
  }

  function seed(): RtpSeed {
    return { ssrc: random.below(2 ** 32), sequence: random.below(2 ** 16), timestamp: random.below(2 ** 32) };
  }

  return {
    async open({ family, onEvent }) {
      for (let tried = 1; ; tried += 1) {
        const thread = choose();
        const port = thread === null ? null : range.take();
        if (thread === null || port === null) throw new PassbellError('unavailable', { reason: 'overloaded' });
        try {
          return await thread.open({
            binding: { family, host: host[family], port },
            seed: seed(),
            onEvent,
            onClosed(ended) {
              range.giveBack(port);
              add(ended);
            },
          });
        } catch (cause) {
          range.giveBack(port);
          const taken = cause instanceof Error && cause.message === 'EADDRINUSE' && ports !== 'any';
          if (!taken || tried === MAX_TRIES)
            throw new PassbellError('unavailable', { reason: 'overloaded' }, { cause });
        }
      }
    },
    get sessions() {
      return pool.reduce((sum, thread) => sum + thread.sessions, 0);
    },
    get tally() {
      return { ...tally };
    },
    async close() {
      closed = true;
      await Promise.all(pool.map((thread) => thread.close()));
    },
  };
}
