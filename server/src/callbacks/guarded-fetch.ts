import type { Agent, Dispatcher } from 'undici';
import type { Clock } from '../values/clock.ts';
import type { CallbackUrl } from './callback-url.ts';
import { type FetchFailure, failureOf } from './fetch-failure.ts';
import type { Guard } from './guard.ts';

/** A callback has so long in all: finding the host, connecting, sending, and the answer to its last byte. */
export const TOTAL_MS = 15_000;
/** Of an answer's body so much is read: it is of no interest, but a connection is used again only when it was read to its end. */
export const BODY_BYTES = 65_536;
const HEADER_BYTES = 16_384;
/** Idle connections are kept so long: less than the 5 s after which many servers close them, in the very moment of the next use. */
const IDLE_MS = 4_000;
/** However busy, a connection is given up after a minute, so that a receiver that moves is found again. */
const CONNECTION_MS = 60_000;

export type CallbackAnswer =
  /** Any status, redirects included: none is followed. */
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | null }
  | { readonly kind: 'failed'; readonly reason: FetchFailure };

/** Posts callbacks to where they may go, and nowhere else. */
export interface GuardedFetch {
  /**
   * Is over within `TOTAL_MS`. An answer counts from its head on: a body that never ends changes nothing. Rejects only where the HTTP client
   * cannot be loaded: then nothing was sent, and the next post loads it anew.
   */
  post(url: CallbackUrl, headers: Readonly<Record<string, string>>, body: string): Promise<CallbackAnswer>;
  /** Breaks off what is under way, and closes every connection. Never rejects. */
  close(): Promise<void>;
}

export interface GuardedFetchDeps {
  readonly guard: Guard;
  readonly clock: Clock;
  readonly userAgent: string;
  /** PEM of authorities to trust in place of the system's. */
  readonly ca?: string;
  readonly load?: typeof loadClient;
}

/** Loaded with the first callback: 65 ms and 28 MB that most starts never need. */
function loadClient() {
  return Promise.all([import('undici'), import('./guarded-connect.ts')]);
}

export function guardedFetch({ guard, clock, userAgent, ca, load = loadClient }: GuardedFetchDeps): GuardedFetch {
  let opening: Promise<Agent> | undefined;
  let agent: Agent | undefined;
  let closed = false;

  async function open(): Promise<Agent> {
    const [undici, { guardedConnect }] = await load();
    agent = new undici.Agent({
      connect: guardedConnect(guard, ca ?? null),
      allowH2: false,
      // How many are under way is decided before.
      connections: null,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      clientTtl: CONNECTION_MS,
      maxHeaderSize: HEADER_BYTES,
      // One deadline for all of it, below.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return agent;
  }

  function exchange(through: Agent, request: Dispatcher.DispatchOptions): Promise<CallbackAnswer> {
    return new Promise((resolve) => {
      let controller: Dispatcher.DispatchController | undefined;
      let answer: CallbackAnswer | undefined;
      let read = 0;
      let over = false;

      const end = (result: CallbackAnswer): void => {
        if (over) return;
        over = true;
        timer.cancel();
        resolve(result);
      };
      const cut = (instead: CallbackAnswer): void => {
        end(answer ?? instead);
        controller?.abort(new Error('cut off'));
      };
      const timer = clock.after(TOTAL_MS, () => cut({ kind: 'failed', reason: 'timeout' }));

      through.dispatch(request, {
        onRequestStart(started) {
          // What waited too long for a connection must not leave any more: it was reported as failed.
          if (over) started.abort(new Error('too late'));
          controller = started;
        },
        onResponseStart(_controller, status, headers) {
          const retryAfter = headers['retry-after'];
          answer = { kind: 'answered', status, retryAfter: typeof retryAfter === 'string' ? retryAfter : null };
        },
        onResponseData(_controller, chunk) {
          read += chunk.length;
          if (read > BODY_BYTES) cut({ kind: 'failed', reason: 'broken' });
        },
        onResponseEnd() {
          end(answer ?? { kind: 'failed', reason: 'broken' });
        },
        onResponseError(_controller, error) {
          end(answer ?? { kind: 'failed', reason: failureOf(error) });
        },
      });
    });
  }

  return {
    async post({ origin, path }, headers, body) {
      if (closed) return { kind: 'failed', reason: 'broken' };
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      const through = agent ?? (await opening);
      return exchange(through, {
        origin,
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': userAgent, ...headers },
        body,
      });
    },
    async close() {
      closed = true;
      // One that could not be opened has nothing to close.
      await opening?.catch(() => {});
      await agent?.destroy();
    },
  };
}
