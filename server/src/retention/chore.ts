/** Rows that a chore takes in one commit: few, so that no send waits behind it. */
export const CHUNK = 500;

/** Something that must happen by itself as time passes. */
export interface Chore {
  readonly name: string;
  /** One step of it. Resolves to how much it did: as long as that is `CHUNK` or more, another step is due at once. */
  readonly run: (now: number) => Promise<number>;
}

/** A chore that has nothing to do for `everyMs` after it found nothing. */
export function paced({ name, run }: Chore, everyMs: number): Chore {
  let next = Number.NEGATIVE_INFINITY;
  return {
    name,
    async run(now) {
      if (now < next) return 0;
      const done = await run(now);
      if (done < CHUNK) next = now + everyMs;
      return done;
    },
  };
}
