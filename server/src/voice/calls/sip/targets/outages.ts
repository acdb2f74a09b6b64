import type { Clock, Timer } from '../../../../values/clock.ts';
import { type Target, targetKey } from '../transport/target.ts';

/** A target that says nothing is left alone for 15 s, each time for longer: a call that tries it loses `give_up_ms`. */
const FIRST_MS = 15_000;
const LONGEST_SILENCE_MS = 120_000;
/** However long a trunk asks for: codes live for minutes, and it may have meant another unit. */
const LONGEST_ASKED_MS = 300_000;

interface Outage {
  /** In a row. */
  readonly failures: number;
  /** Null: it is tried again. */
  readonly timer: Timer | null;
}

/** Which targets are left alone for a while. */
export interface Outages {
  isOut(target: Target): boolean;
  /** It did not answer, or there was no way to it. */
  silent(target: Target): void;
  /** It asked to be left alone (503 with Retry-After). */
  asked(target: Target, ms: number): void;
  /** It answered, whatever it said. */
  answered(target: Target): void;
  /** Lets none come back any more. */
  close(): void;
}

/**
 * @param changed called when a target goes out or comes back.
 * @param noticed called when one goes out, for `ms`.
 */
export function outages(clock: Clock, changed: () => void, noticed: (target: Target, ms: number) => void): Outages {
  const known = new Map<string, Outage>();

  function out(target: Target, failures: number, ms: number): void {
    const key = targetKey(target);
    known.get(key)?.timer?.cancel();
    const timer = clock.after(ms, () => {
      known.set(key, { failures, timer: null });
      changed();
    });
    known.set(key, { failures, timer });
    noticed(target, ms);
    changed();
  }

  return {
    isOut: (target) => (known.get(targetKey(target))?.timer ?? null) !== null,
    silent(target) {
      const earlier = known.get(targetKey(target));
      // Calls that were under way together fail together: that is one failure.
      if (earlier !== undefined && earlier.timer !== null) return;
      const failures = (earlier?.failures ?? 0) + 1;
      out(target, failures, Math.min(LONGEST_SILENCE_MS, FIRST_MS * 2 ** (failures - 1)));
    },
    asked: (target, ms) => out(target, 0, Math.min(LONGEST_ASKED_MS, ms)),
    answered(target) {
      const outage = known.get(targetKey(target));
      if (outage !== undefined && outage.timer === null) known.delete(targetKey(target));
    },
    close() {
      for (const { timer } of known.values()) timer?.cancel();
    },
  };
}
