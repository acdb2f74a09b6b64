import type { Clock } from '../../values/clock.ts';
import type { IdSource } from '../../values/id.ts';
import type { CallEnd, CallEngine } from '../../voice/calls/call-engine.ts';
import { type LiveCall, liveCall } from './live-call.ts';

/** Calls that may be under way at once. */
const CAPACITY = 1_000;

export interface HandsetCallEngineDeps {
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Told of each call once it is placed, with every change of it, and once it has ended. */
  readonly watch: (call: LiveCall) => void;
  /** A sentence for people where the phone does not show what it should; null where it does. */
  readonly trouble: () => string | null;
}

/** The engine `handset`, whose far end is the sandbox phone. Each call placed is one of its own, also where a delivery is tried twice. */
export function handsetCallEngine({ clock, ids, watch, trouble }: HandsetCallEngineDeps): CallEngine {
  const underWay = new Set<LiveCall>();
  const freeListeners: (() => void)[] = [];
  let closed = false;
  let emptied = () => {};

  function leave(call: LiveCall): void {
    if (!underWay.delete(call)) return;
    for (const listener of freeListeners) listener();
    if (underWay.size === 0) emptied();
  }

  async function emptyWithin(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    emptied = resolve;
    const timer = clock.after(ms, resolve);
    await promise;
    timer.cancel();
  }

  return {
    name: 'handset',

    place(plan, listener, signal) {
      if (closed || underWay.size >= CAPACITY) {
        queueMicrotask(() => listener({ kind: 'ended', at: clock.now(), end: closed ? SWITCHED_OFF : FULL }));
        return { play() {}, hangUp() {} };
      }
      const call = liveCall({
        id: ids(),
        plan,
        clock,
        changed: () => watch(call),
        tell(event) {
          if (event.kind === 'ended') {
            signal.removeEventListener('abort', call.hangUp);
            leave(call);
          }
          listener(event);
        },
      });
      underWay.add(call);
      watch(call);
      signal.addEventListener('abort', call.hangUp, { once: true });
      // Nothing is told before `place` has returned.
      queueMicrotask(() => (signal.aborted ? call.hangUp() : call.begin()));
      return call;
    },

    status() {
      const words = closed ? 'The sandbox phone is switched off.' : trouble();
      return {
        state: closed ? 'down' : words === null ? 'up' : 'degraded',
        free: closed ? 0 : CAPACITY - underWay.size,
        trouble: words,
      };
    },

    onFree: (listener) => void freeListeners.push(listener),

    async close(graceMs) {
      closed = true;
      if (underWay.size > 0 && graceMs > 0) await emptyWithin(graceMs);
      for (const call of [...underWay]) call.hangUp();
    },
  };
}

const SWITCHED_OFF = notPlaced('The sandbox phone is switched off');
const FULL = notPlaced(`The sandbox phone takes ${CAPACITY} calls at once`);

function notPlaced(reason: string): CallEnd {
  return { outcome: 'failed', sipStatus: 503, reason, cause: null, retry: 'elsewhere' };
}
