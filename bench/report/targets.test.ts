import { describe, expect, it } from 'vitest';
import { type Figures, NO_FIGURES } from '../measure/figures.ts';
import type { ScenarioName } from '../scenarios.ts';
import type { ServiceName } from '../services/service.ts';
import { medians } from './medians.ts';
import { targets } from './targets.ts';

function result(round: number, scenario: ScenarioName, service: ServiceName, figures: Partial<Figures>) {
  return { round, scenario, service, figures: { ...NO_FIGURES, ...figures } };
}

describe('targets', () => {
  it('compares medians with Kannel’s of the same scenario', () => {
    const all = medians([
      result(1, 'plain', 'kannel', { wire: 10_000 }),
      result(2, 'plain', 'kannel', { wire: 90_000 }),
      result(3, 'plain', 'kannel', { wire: 12_000 }),
      result(1, 'plain', 'passbell-sqlite', { wire: 15_000 }),
    ]);
    expect(targets(all, ['passbell-sqlite'])).toMatchObject([{ service: 'passbell-sqlite', value: 1.25, met: true }]);
  });

  it('holds no service to what was not run', () => {
    expect(targets(medians([result(1, 'plain', 'passbell-sqlite', { wire: 1 })]), ['passbell-sqlite'])).toEqual([]);
  });

  it('holds calls to what became of them in the worst round', () => {
    const good = { calls: 1000, finished: 1000, charged: 1000, twice: 0, rtpLost: 0 };
    const met = (...rounds: readonly Partial<Figures>[]) => {
      const all = medians(rounds.map((figures, i) => result(i, 'calls', 'passbell-sqlite', { ...good, ...figures })));
      return targets(all, ['passbell-sqlite']).map(({ met }) => met);
    };
    expect(met({}, {}, {})).toEqual([true, true]);
    expect(met({}, { finished: 999 }, {})).toEqual([false, true]);
    expect(met({ charged: 999 }, {}, {})).toEqual([false, true]);
    expect(met({}, {}, { twice: 1, rtpLost: 1 })).toEqual([false, false]);
  });

  it('counts what was both sent and told of by callback', () => {
    const all = medians([
      result(1, 'receipts+callbacks', 'kannel', { wire: 6_000, receipts: 4_000 }),
      result(1, 'receipts+callbacks', 'passbell-sqlite', { wire: 20_000, receipts: 12_000 }),
    ]);
    expect(targets(all, ['passbell-sqlite'])).toMatchObject([{ value: 3, met: true }]);
  });

  it('compares checks with better-auth’s, and holds them to a rate of their own', () => {
    const all = medians([
      result(1, 'checks-wrong', 'better-auth', { checks: 1_000 }),
      result(1, 'checks-wrong', 'passbell-sqlite', { checks: 14_999 }),
      result(1, 'checks-right', 'passbell-sqlite', { checks: 15_000 }),
    ]);
    expect(targets(all, ['passbell-sqlite']).map(({ value, met }) => [value, met])).toEqual([
      [14.999, true],
      [14_999, false],
      [15_000, true],
    ]);
  });

  it.each([
    ['far', { wire: 4749, ceiling: 5000 }, false],
    ['far', { wire: 4750, ceiling: 5000 }, true],
    ['paced', { acceptToSubmitP99: 10.1 }, false],
    ['paced', { acceptToSubmitP99: 10 }, true],
    ['start', { readyMs: 1001 }, false],
    ['start', { readyMs: 1000 }, true],
  ] as const)('draws the line at the goal: %s %j', (scenario, figures, met) => {
    const all = medians([result(1, scenario, 'passbell-sqlite', figures)]);
    expect(targets(all, ['passbell-sqlite']).map((target) => target.met)).toEqual([met]);
  });
});
