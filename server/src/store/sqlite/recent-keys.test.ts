import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentKeys } from './recent-keys.ts';

it('answers as a map of the keys whose time is not over', () => {
  const set = fc.record({ key: fc.integer({ min: 0, max: 9000 }), life: fc.integer({ min: 1, max: 50 }) });
  fc.assert(
    fc.property(fc.array(set, { minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (sets, repeat) => {
      const keys = new RecentKeys();
      const model = new Map<string, { row: number; until: number }>();
      let now = 0;
      let row = 0;
      for (let round = 0; round < repeat; round += 1) {
        for (const { key, life } of sets) {
          const name = `subject ${key + round * 10_000}`;
          row += 1;
          keys.set(name, row, now + life, now);
          model.set(name, { row, until: now + life });
        }
        now += 1;
      }
      for (const [name, { row: newest, until }] of model) {
        expect(keys.get(name, now)).toBe(until > now ? newest : 0);
      }
      expect(keys.get('never set', now)).toBe(0);
    }),
    { numRuns: 50 },
  );
});
