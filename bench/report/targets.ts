import type { FigureName, Figures } from '../measure/figures.ts';
import type { ServiceName } from '../services/service.ts';
import { find, type Median } from './medians.ts';

/** A goal, and how far a service came: `met` when `value` is on the right side of `goal`. */
export interface Target {
  readonly what: string;
  readonly service: ServiceName;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
  readonly side: 'at least' | 'at most';
  readonly met: boolean;
}

interface Goal {
  readonly what: string;
  readonly unit: string;
  readonly goal: number;
  readonly side: Target['side'];
  /** Null when the runs it needs were not made. */
  value(all: readonly Median[], service: ServiceName): number | null;
}

const GOALS: readonly Goal[] = [
  {
    what: 'on the wire, committed to disk, against Kannel in memory',
    unit: '×',
    goal: 1,
    side: 'at least',
    value: (all, service) => ratio(find(all, 'plain', service)?.wire, find(all, 'plain', 'kannel')?.wire),
  },
  {
    what: 'sent and reported with receipts, against Kannel',
    unit: '×',
    goal: 3,
    side: 'at least',
    value: (all, service) => ratio(reported(find(all, 'receipts', service)), reported(find(all, 'receipts', 'kannel'))),
  },
  {
    what: 'sent and told by callback with receipts, against Kannel',
    unit: '×',
    goal: 3,
    side: 'at least',
    value: (all, service) => {
      const told = reported(find(all, 'receipts+callbacks', service));
      return ratio(told, reported(find(all, 'receipts+callbacks', 'kannel')));
    },
  },
  {
    what: 'of what window and latency allow, at 20 ms',
    unit: '%',
    goal: 95,
    side: 'at least',
    value: (all, service) => {
      const far = find(all, 'far', service);
      const share = ratio(far?.wire, far?.ceiling);
      return share === null ? null : share * 100;
    },
  },
  {
    what: 'p99 from accept to submit at 1,000/s',
    unit: 'ms',
    goal: 10,
    side: 'at most',
    value: (all, service) => find(all, 'paced', service)?.acceptToSubmitP99 ?? null,
  },
  {
    what: 'on the wire over 5 million codes, against an empty store',
    unit: '×',
    goal: 0.9,
    side: 'at least',
    value: (all, service) => ratio(find(all, 'full', service)?.wire, find(all, 'plain', service)?.wire),
  },
  {
    what: 'start to ready',
    unit: 'ms',
    goal: 1000,
    side: 'at most',
    value: (all, service) => find(all, 'start', service)?.readyMs ?? null,
  },
  {
    what: 'of the calls finished, charged and told of, each once',
    unit: '%',
    goal: 100,
    side: 'at least',
    value: (all, service) => {
      const { calls, finished, charged, twice } = find(all, 'calls', service) ?? {};
      const once = Math.min(finished ?? 0, charged ?? 0) - (twice ?? 0);
      return calls ? (100 * once) / calls : null;
    },
  },
  { what: 'calls at once', unit: 'calls', goal: 500, side: 'at least', value: ofCalls('peak') },
  { what: 'for calls, of one core', unit: '%', goal: 100, side: 'at most', value: ofCalls('cpuPercent') },
  { what: 'packets of sound lost', unit: 'packets', goal: 0, side: 'at most', value: ofCalls('rtpLost') },
  { what: 'p99 of how far a packet is from its time', unit: 'ms', goal: 2, side: 'at most', value: ofCalls('gapP99') },
  { what: 'p99 from accept to INVITE', unit: 'ms', goal: 20, side: 'at most', value: ofCalls('acceptToSubmitP99') },
  ...(['checks-wrong', 'checks-right'] as const).flatMap((scenario): Goal[] => {
    const checks = (all: readonly Median[], service: ServiceName) => find(all, scenario, service)?.checks ?? null;
    const what = scenario === 'checks-wrong' ? 'wrong codes checked' : 'right codes checked';
    return [
      {
        what: `${what}, against better-auth`,
        unit: '×',
        goal: 5,
        side: 'at least',
        value: (all, service) => ratio(checks(all, service), checks(all, 'better-auth')),
      },
      { what: `${what} by one core`, unit: 'a second', goal: 15_000, side: 'at least', value: checks },
    ];
  }),
];

export function targets(all: readonly Median[], services: readonly ServiceName[]): readonly Target[] {
  return GOALS.flatMap(({ value, ...goal }) =>
    services.flatMap((service) => {
      const reached = value(all, service);
      if (reached === null) return [];
      const met = goal.side === 'at least' ? reached >= goal.goal : reached <= goal.goal;
      return [{ ...goal, service, value: reached, met }];
    }),
  );
}

function ofCalls(name: FigureName): Goal['value'] {
  return (all, service) => find(all, 'calls', service)?.[name] ?? null;
}

/** Messages that were both sent and reported, a second: neither may run ahead of the other for long. */
function reported(figures: Figures | null): number | null {
  return figures?.wire && figures.receipts ? Math.min(figures.wire, figures.receipts) : null;
}

export function ratio(value: number | null | undefined, to: number | null | undefined): number | null {
  return value === null || value === undefined || !to ? null : value / to;
}
