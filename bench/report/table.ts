import type { Figures } from '../measure/figures.ts';
import type { Load, Scenario } from '../scenarios.ts';
import { find, type Median } from './medians.ts';
import { ratio, type Target } from './targets.ts';

interface Column {
  readonly title: string;
  /** @param peer figures of the service that others are measured against, in the same scenario */
  value(figures: Figures, peer: Figures | null): number | null;
  readonly digits: number;
}

const column = (title: string, digits: number, value: Column['value']): Column => ({ title, digits, value });

const COST = [
  column('CPU µs each', 0, ({ cpuMicros }) => cpuMicros),
  column('db µs each', 0, ({ databaseCpuMicros }) => databaseCpuMicros),
  column('CPU s', 1, ({ cpuSeconds }) => cpuSeconds),
  column('RSS MB', 0, ({ rssMb }) => rssMb),
  column('others %', 0, ({ othersCpuPercent }) => othersCpuPercent),
  column('disk sync ms', 2, ({ diskSyncMs }) => diskSyncMs),
];

const COLUMNS: Readonly<Record<Load['kind'], readonly Column[]>> = {
  flood: [
    column('accepted/s', 0, ({ accepted }) => accepted),
    column('wire/s', 0, ({ wire }) => wire),
    column('× Kannel', 2, ({ wire }, peer) => ratio(wire, peer?.wire)),
    column('receipts/s', 0, ({ receipts }) => receipts),
    column('% ceiling', 1, ({ wire, ceiling }) => (ratio(wire, ceiling) ?? NaN) * 100),
    column('answer p50', 1, ({ answerP50 }) => answerP50),
    column('p99 ms', 1, ({ answerP99 }) => answerP99),
    column('refused', 0, ({ refused }) => refused),
    column('backlog', 0, ({ backlog }) => backlog),
    column('missing', 0, ({ missing }) => missing),
    ...COST,
  ],
  pace: [
    column('accepted/s', 0, ({ accepted }) => accepted),
    column('wire/s', 0, ({ wire }) => wire),
    column('answer p50', 2, ({ answerP50 }) => answerP50),
    column('p99 ms', 2, ({ answerP99 }) => answerP99),
    column('accept→SMSC p50', 2, ({ acceptToSubmitP50 }) => acceptToSubmitP50),
    column('p99 ms', 2, ({ acceptToSubmitP99 }) => acceptToSubmitP99),
    column('send→SMSC p50', 2, ({ sendToSubmitP50 }) => sendToSubmitP50),
    column('p99 ms', 2, ({ sendToSubmitP99 }) => sendToSubmitP99),
    column('missing', 0, ({ missing }) => missing),
    ...COST,
  ],
  calls: [
    column('calls', 0, ({ calls }) => calls),
    column('finished', 0, ({ finished }) => finished),
    column('charged', 0, ({ charged }) => charged),
    column('twice', 0, ({ twice }) => twice),
    column('at once', 0, ({ peak }) => peak),
    column('answer p50', 2, ({ answerP50 }) => answerP50),
    column('p99 ms', 2, ({ answerP99 }) => answerP99),
    column('accept→INVITE p50', 2, ({ acceptToSubmitP50 }) => acceptToSubmitP50),
    column('p99 ms', 2, ({ acceptToSubmitP99 }) => acceptToSubmitP99),
    column('RTP', 0, ({ rtpPackets }) => rtpPackets),
    column('lost', 0, ({ rtpLost }) => rtpLost),
    column('not echoed', 0, ({ rtpNotEchoed }) => rtpNotEchoed),
    column('jitter p99', 2, ({ jitterP99 }) => jitterP99),
    column('gap p99 ms', 2, ({ gapP99 }) => gapP99),
    column('CPU %', 1, ({ cpuPercent }) => cpuPercent),
    column('db %', 1, ({ databaseCpuPercent }) => databaseCpuPercent),
    column('refused', 0, ({ refused }) => refused),
    column('missing', 0, ({ missing }) => missing),
    ...COST,
  ],
  checks: [
    column('checks/s', 0, ({ checks }) => checks),
    column('× better-auth', 1, ({ checks }, peer) => ratio(checks, peer?.checks)),
    column('answer p50', 2, ({ answerP50 }) => answerP50),
    column('p99 ms', 2, ({ answerP99 }) => answerP99),
    column('CPU %', 1, ({ cpuPercent }) => cpuPercent),
    column('db %', 1, ({ databaseCpuPercent }) => databaseCpuPercent),
    column('refused', 0, ({ refused }) => refused),
    ...COST,
  ],
  none: [column('first start ms', 0, ({ readyMs }) => readyMs), column('again ms', 0, ({ restartMs }) => restartMs)],
};

/** One scenario's medians, a line a service; columns without any figure are left out. */
export function scenarioTable(scenario: Scenario, all: readonly Median[]): string {
  const rows = all.filter((each) => each.scenario === scenario.name);
  const peer = find(all, scenario.name, 'kannel') ?? find(all, scenario.name, 'better-auth');
  const columns = COLUMNS[scenario.load.kind]
    .map(({ title, digits, value }) => ({
      title,
      cells: rows.map(({ figures }) => show(value(figures, peer), digits)),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const names = { title: `${scenario.name}: ${scenario.title}`, cells: rows.map(({ service }) => `  ${service}`) };
  return grid([names, ...columns]);
}

export function targetTable(targets: readonly Target[]): string {
  const cells = (each: (target: Target) => string) => targets.map(each);
  return grid([
    { title: 'targets', cells: cells(({ what }) => `  ${what}`) },
    { title: '', cells: cells(({ service }) => service) },
    { title: 'goal', cells: cells(({ side, goal, unit }) => `${side === 'at least' ? '≥' : '≤'} ${goal} ${unit}`) },
    { title: 'measured', cells: cells(({ value, unit }) => `${show(value, unit === '×' ? 2 : 1)} ${unit}`) },
    { title: '', cells: cells(({ met }) => (met ? 'met' : 'MISSED')) },
  ]);
}

function show(value: number | null, digits: number): string {
  if (value === null || Number.isNaN(value)) return '';
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The first column flush left, the others flush right. */
function grid(columns: readonly { readonly title: string; readonly cells: readonly string[] }[]): string {
  const lines: string[] = [];
  const height = columns[0]?.cells.length ?? 0;
  for (let row = -1; row < height; row++) {
    const cells = columns.map(({ title, cells }, i) => {
      const width = Math.max(title.length, ...cells.map((cell) => cell.length));
      const cell = (row < 0 ? title : cells[row]) ?? '';
      return i === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    lines.push(cells.join('  ').trimEnd());
  }
  return lines.join('\n');
}
