import { FIGURE_NAMES, type FigureName, type Figures } from '../measure/figures.ts';
import { median } from '../measure/statistics.ts';
import type { ScenarioName } from '../scenarios.ts';
import type { ServiceName } from '../services/service.ts';

/** One run of one round. */
export interface Result {
  readonly round: number;
  readonly scenario: ScenarioName;
  readonly service: ServiceName;
  readonly figures: Figures;
}

/** The median of every figure over the rounds; of what may never go wrong, the worst. */
export interface Median {
  readonly scenario: ScenarioName;
  readonly service: ServiceName;
  readonly rounds: number;
  readonly figures: Figures;
}

const WORST: Partial<Readonly<Record<FigureName, (...values: readonly number[]) => number>>> = {
  finished: Math.min,
  charged: Math.min,
  twice: Math.max,
  rtpLost: Math.max,
};

export function medians(results: readonly Result[]): readonly Median[] {
  const groups = Map.groupBy(results, ({ scenario, service }) => `${scenario} ${service}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const all = group.map(({ figures }) => figures);
    return [{ scenario: first.scenario, service: first.service, rounds: group.length, figures: middle(all) }];
  });
}

function middle(all: readonly Figures[]): Figures {
  const entries = FIGURE_NAMES.map((name) => {
    const values = all.map((figures) => figures[name]).filter((value) => value !== null);
    const worst = WORST[name];
    return [name, values.length === 0 ? null : worst ? worst(...values) : median(values)];
  });
  return Object.fromEntries(entries);
}

export function find(all: readonly Median[], scenario: ScenarioName, service: ServiceName): Figures | null {
  return all.find((each) => each.scenario === scenario && each.service === service)?.figures ?? null;
}
