import { isError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { Store } from '../store/store.ts';
import type { Clock, Timer } from '../values/clock.ts';

/** How often each chore looks for work, and how many rows it takes in one commit: small, so that no send waits behind it. */
const LOOK_MS = 5_000;
const CHUNK = 500;
/** What callbacks were sent is kept as long as numbers and bodies are. */
const CALLBACKS_KEEP_MS = 30 * 86_400_000;
/** Sandbox messages and calls are kept a day. */
const HANDSET_KEEP_MS = 86_400_000;

/** What must happen by itself as time passes. */
export interface Housekeeping {
  /** One round of every chore; resolves when all found nothing more to do. */
  round(): Promise<void>;
  start(): void;
  stop(): void;
}

type Chore = { readonly name: string; readonly run: (now: number) => Promise<number> };

export function housekeeping({ store, clock, log }: { store: Store; clock: Clock; log: Log }): Housekeeping {
  const chores: readonly Chore[] = [
    { name: 'close_overdue_receipts', run: (now) => store.closeOverdue(now, CHUNK) },
    { name: 'erase_content', run: (now) => store.otps.eraseContent(now, CHUNK) },
    { name: 'sweep_handset', run: (now) => store.handset.sweep(now - HANDSET_KEEP_MS, CHUNK) },
    { name: 'sweep_handset_calls', run: (now) => store.handsetCalls.sweep(now - HANDSET_KEEP_MS, CHUNK) },
    { name: 'sweep_callbacks', run: (now) => store.callbacks.sweep(now - CALLBACKS_KEEP_MS, CHUNK) },
    { name: 'sweep_replays', run: (now) => store.replays.sweep(now, CHUNK) },
    { name: 'sweep_store', run: (now) => store.sweep(now, CHUNK) },
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
