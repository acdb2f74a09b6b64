import { isError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import { CHUNK, type Chore } from '../retention/chore.ts';
import { retentionChores } from '../retention/chores.ts';
import { PERIODS } from '../retention/periods.ts';
import type { Store } from '../store/store.ts';
import type { Clock, Timer } from '../values/clock.ts';
import type { IdSource } from '../values/id.ts';

/** How often each chore looks for work. */
const LOOK_MS = 5_000;

/** What must happen by itself as time passes. */
export interface Housekeeping {
  /** One round of every chore; resolves when all found nothing more to do. */
  round(): Promise<void>;
  start(): void;
  stop(): void;
}

interface Deps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

export function housekeeping({ store, clock, ids, log }: Deps): Housekeeping {
  const chores: readonly Chore[] = [
    { name: 'close_overdue_receipts', run: (now) => store.closeOverdue(now, CHUNK) },
    { name: 'erase_content', run: (now) => store.otps.eraseContent(now, CHUNK) },
    { name: 'sweep_handset', run: (now) => store.handset.sweep(now - PERIODS.handset, CHUNK) },
    { name: 'sweep_handset_calls', run: (now) => store.handsetCalls.sweep(now - PERIODS.handset, CHUNK) },
    { name: 'sweep_callbacks', run: (now) => store.callbacks.sweep(now - PERIODS.callbacks, CHUNK) },
    { name: 'sweep_replays', run: (now) => store.replays.sweep(now, CHUNK) },
    { name: 'sweep_store', run: (now) => store.sweep(now, CHUNK) },
    ...retentionChores({ store, ids }),
    { name: 'sweep_sessions', run: (now) => store.users.sweepSessions(now).then(() => 0) },
  ];
  let timer: Timer | undefined;
  let stopped = false;

  async function run(chore: Chore): Promise<void> {
    try {
      // A full chunk means that more is waiting.
      while (!stopped && (await chore.run(clock.now())) >= CHUNK);
    } catch (error) {
      if (!isError(error, 'unavailable')) log.error('chore_failed', { chore: chore.name }, error);
    }
  }

  async function round(): Promise<void> {
    for (const chore of chores) await run(chore);
  }

  function schedule(): void {
    timer = clock.after(LOOK_MS, async () => {
      await round();
      if (!stopped) schedule();
    });
  }

  return {
    round,
    start: schedule,
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
