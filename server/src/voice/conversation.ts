import type { Clock, Timer } from '../values/clock.ts';
import type { Clip } from './audio/clip.ts';
import type { CallEnd, CallEngine, CallEvent, CallPlan } from './calls/call-engine.ts';
import { CURTAIN, type Cue, type Performance, perform } from './performance.ts';
import type { Script } from './script.ts';

/** One call, from the first ring to the end. */
export interface Conversation {
  readonly engine: Pick<CallEngine, 'place'>;
  readonly plan: CallPlan;
  readonly script: Script<Clip>;
  readonly clock: Pick<Clock, 'after'>;
  /** Aborting it hangs up. */
  readonly signal: AbortSignal;
  /** The callee has picked up: told at once, so that it can be saved while the call goes on. Must not throw. `ringingAt` as in `CallResult`. */
  readonly onAnswered: (ringingAt: number | null, answeredAt: number) => void;
}

/** What became of a call. Times are milliseconds since the epoch. */
export interface CallResult {
  /** Null where the far end never rang. */
  readonly ringingAt: number | null;
  /** Null where nobody answered. */
  readonly answeredAt: number | null;
  readonly endedAt: number;
  /** How often the code began again, asked for or not. */
  readonly replays: number;
  /** Keys pressed, whichever. */
  readonly keys: number;
  /** Whether the code was played to its end at least once. */
  readonly heardCode: boolean;
  readonly end: CallEnd;
}

/** Places the call and plays the script to whoever answers. Resolves once the call has ended; never rejects. */
export function converse(conversation: Conversation): Promise<CallResult> {
  const { engine, plan, script, clock, signal, onAnswered } = conversation;
  const { promise, resolve } = Promise.withResolvers<CallResult>();
  let ringingAt: number | null = null;
  let answeredAt: number | null = null;
  let keys = 0;
  let now: Performance = CURTAIN;
  let patience: Timer | undefined;

  function onEvent(event: CallEvent): void {
    switch (event.kind) {
      case 'ringing':
        ringingAt = event.at;
        break;
      case 'answered':
        answeredAt = event.at;
        onAnswered(ringingAt, event.at);
        on({ kind: 'answered' });
        break;
      case 'key':
        keys += 1;
        on({ kind: 'key', key: event.key });
        break;
      case 'played':
        on({ kind: 'played' });
        break;
      case 'ended':
        patience?.cancel();
        resolve({
          ...{ ringingAt, answeredAt, endedAt: event.at, replays: now.replays, keys },
          ...{ heardCode: now.codesHeard > 0, end: event.end },
        });
        break;
      default:
        event satisfies never;
    }
  }

  function on(cue: Cue): void {
    const { next, move } = perform(script, now, cue);
    now = next;
    if (move.kind === 'none') return;
    // What is left of an earlier time to think would be taken off a later one.
    patience?.cancel();
    if (move.kind === 'play') call.play(move.lines);
    else if (move.kind === 'wait') patience = clock.after(move.ms, () => on({ kind: 'time_up' }));
    else call.hangUp();
  }

  // No event comes before `place` has returned.
  const call = engine.place(plan, onEvent, signal);
  return promise;
}
