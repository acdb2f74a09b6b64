import type { Clock, Timer } from '../../../../values/clock.ts';
import type { Random } from '../../../../values/random.ts';
import { type Target, targetKey } from '../transport/target.ts';
import { locate, type Place } from './locate.ts';
import { type Outages, outages } from './outages.ts';
import type { Resolver } from './resolver.ts';

/** Names are asked for again when they were told so long ago. Node.js gives no TTL; trunks change addresses slowly. */
const FRESH_MS = 60_000;
/** A resolver that hangs must not hold a call: what it said last is used, if it ever said something. */
const RESOLVE_MS = 3_000;

/** The targets of a trunk: where calls go, and in which order. */
export interface TrunkTargets extends Pick<Outages, 'silent' | 'asked' | 'answered'> {
  /** Those to be tried now, the first first; none when all are out or nothing resolves. Never rejects. */
  choose(): Promise<readonly Target[]>;
  /** How many are known, and how many of them are out. Nothing is known before the first `choose`. */
  count(): { readonly known: number; readonly out: number; readonly resolved: boolean };
  close(): void;
}

export interface TrunkTargetsDeps {
  readonly places: readonly Place[];
  readonly resolver: Resolver;
  readonly clock: Clock;
  readonly random: Random;
  /** Called when a target is left alone, for `ms`. */
  readonly leftAlone: (target: Target, ms: number) => void;
  /** Called when `count` may have changed. */
  readonly changed: () => void;
}

export function trunkTargets(deps: TrunkTargetsDeps): TrunkTargets {
  const { places, resolver, clock, random, changed } = deps;
  const health = outages(clock, changed, deps.leftAlone);
  /** What each place was last. */
  const told = new Map<Place, readonly Target[]>();
  let known: readonly Target[] = [];
  let resolved = true;
  let freshUntil = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;

  async function ask(place: Place): Promise<void> {
    let timer: Timer | undefined;
    const late = new Promise<null>((resolve) => {
      timer = clock.after(RESOLVE_MS, () => resolve(null));
    });
    const found = await Promise.race([locate(place, resolver, random).catch(() => null), late]);
    timer?.cancel();
    // Nobody could tell, or the zone is empty just now: what was true a minute ago is the best guess.
    if (found !== null && found.length > 0) told.set(place, found);
  }

  async function refresh(): Promise<void> {
    await Promise.all(places.map(ask));
    const all = places.flatMap((place) => told.get(place) ?? []);
    known = [...new Map(all.map((target) => [targetKey(target), target])).values()];
    resolved = known.length > 0;
    // What resolved to nothing is asked for again by the next call.
    freshUntil = resolved ? clock.elapsed() + FRESH_MS : Number.NEGATIVE_INFINITY;
    asking = null;
    changed();
  }

  return {
    async choose() {
      if (clock.elapsed() >= freshUntil) {
        asking ??= refresh();
        await asking;
      }
      return known.filter((target) => !health.isOut(target));
    },
    count: () => ({ known: known.length, out: known.filter((target) => health.isOut(target)).length, resolved }),
    silent: health.silent,
    asked: health.asked,
    answered: health.answered,
    close: health.close,
  };
}
