import type { Clock, Timer } from '../../../values/clock.ts';

/** How much sound one packet holds, ms: what every G.711 device takes (RFC 3551 §4.2). */
export const FRAME_MS = 20;
/** Frames that are made up for at once, after a stall. More would arrive as a burst, which a jitter buffer throws away. */
const MAX_BURST = 3;
// Five hundred packets take some 8 ms to send. In one go, keys that came meanwhile would wait, and a trunk would get them as a burst.
const BEATS = 4;

/** A call, as the pump sees it. */
export interface PumpLoad {
  /** The next frame's time has come. */
  frame(): void;
  /** So many frames' time went by and will not be made up for. Always before a `frame`. */
  skip(frames: number): void;
}

/** One timer for many calls. It runs while there are any. */
export interface Pump {
  readonly size: number;
  add(load: PumpLoad): void;
  remove(load: PumpLoad): void;
}

/**
 * Every frame has its time from the start on, and a late one does not move those after it: a far end that plays 50 frames a second
 * by its own quartz would run dry, or pile up.
 * @param offset ms, 0 … FRAME_MS: where in each 20 ms of the clock the frames are.
 */
export function pump(clock: Clock, offset: number): Pump {
  const loads = new Set<PumpLoad>();
  let timer: Timer | null = null;
  let origin = 0;
  let done = 0;

  function beat(): void {
    const mine = timer;
    const due = Math.floor((clock.elapsed() - origin) / FRAME_MS) - done;
    done += due;
    if (due > MAX_BURST) for (const load of loads) load.skip(due - MAX_BURST);
    for (let i = 0; i < Math.min(due, MAX_BURST); i += 1) for (const load of loads) load.frame();
    // Unless it was stopped from inside.
    if (timer === mine) arm();
  }

  function arm(): void {
    timer = clock.after(Math.max(0, origin + (done + 1) * FRAME_MS - clock.elapsed()), beat);
  }

  return {
    get size() {
      return loads.size;
    },
    add(load) {
      loads.add(load);
      if (timer !== null) return;
      origin = Math.floor((clock.elapsed() - offset) / FRAME_MS) * FRAME_MS + offset;
      done = 0;
      arm();
    },
    remove(load) {
      if (!loads.delete(load) || loads.size > 0) return;
      timer?.cancel();
      timer = null;
    },
  };
}

/** Several pumps, spread over the 20 ms: a call goes to the one with the fewest. */
export function spreadPump(clock: Clock): Omit<Pump, 'size'> {
  const pumps = Array.from({ length: BEATS }, (_, i) => pump(clock, (i * FRAME_MS) / BEATS));
  return {
    add(load) {
      pumps.toSorted((a, b) => a.size - b.size)[0]?.add(load);
    },
    remove(load) {
      for (const each of pumps) each.remove(load);
    },
  };
}
