import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkService } from './checks/find-check-service.ts';
import { runChecks } from './checks/run-checks.ts';
import { flood } from './load/flood.ts';
import { pace } from './load/pace.ts';
import { probe } from './load/probe.ts';
import { type ReportReceiver, receiveReports } from './load/report-receiver.ts';
import { diskSyncMs } from './measure/disk-sync.ts';
import { type Figures, NO_FIGURES } from './measure/figures.ts';
import { othersCpu, type Usage, usage } from './measure/process-tree.ts';
import { percentile } from './measure/statistics.ts';
import type { Processes } from './processes.ts';
import { type Load, type Scenario, WINDOW } from './scenarios.ts';
import type { Running, Service, ServiceName } from './services/service.ts';
import { bound, quiet } from './smsc/await-smsc.ts';
import { type Smsc, startSmsc } from './smsc/start-smsc.ts';
import type { Counts } from './smsc/tally.ts';
import { runCalls } from './voice/run-calls.ts';

/** What does not change from run to run. */
export interface Bench {
  readonly processes: Processes;
  /** Where runs put their directories. */
  readonly tmp: string;
  /** How long a load runs before it is measured: connections open, code compiled, caches filled. */
  readonly warmSeconds: number;
}

/** Longest wait for a backlog to leave before, and after, what is measured, ms. */
const DRAIN_BEFORE = 20_000;
const DRAIN_AFTER = 3_000;

/** No load leaves more requests than this sent but uncounted: destinations after them are new. */
const IN_FLIGHT = 1_000;

/** One scenario on one service: everything is started for it, and ended with it. `find` is asked for what sends. */
export async function run(
  bench: Bench,
  scenario: Scenario,
  name: ServiceName,
  find: (name: ServiceName, rows: number) => Service,
): Promise<Figures> {
  await using undo = new AsyncDisposableStack();
  const dir = await mkdtemp(join(bench.tmp, `${scenario.name}-`));
  undo.defer(() => rm(dir, { recursive: true, force: true }));
  const started = { ...NO_FIGURES, diskSyncMs: await diskSyncMs(dir) };
  const { load } = scenario;
  if (load.kind === 'checks')
    return { ...started, ...(await runChecks(bench, scenario, load.give, checkService(name), dir)) };
  const service = find(name, scenario.seeded);
  if (load.kind === 'calls') return { ...started, ...(await runCalls(bench, scenario, load.perSecond, service, dir)) };
  return { ...started, ...(await runMessages(bench, scenario, load, service, dir)) };
}

async function runMessages(
  bench: Bench,
  scenario: Scenario,
  load: Exclude<Load, { kind: 'calls' | 'checks' }>,
  service: Service,
  dir: string,
): Promise<Partial<Figures>> {
  await using undo = new AsyncDisposableStack();
  const reports = undo.use(await receiveReports());
  const { receipts, callbacks, latencyMs } = scenario;
  const smsc = undo.use(
    await startSmsc(bench.processes, {
      port: 0,
      latencyMs,
      receipts,
      receiptWindow: WINDOW,
      trace: load.kind === 'pace',
    }),
  );
  const cargo = {
    ...({ kind: 'messages', smscPort: smsc.port, window: WINDOW, receipts } as const),
    ...{ reportsTo: reports.url, callbacksTo: callbacks ? reports.url : null },
  };
  const running = undo.use(await service.start({ processes: bench.processes, dir, cargo }));
  await bound(smsc);
  await probe(running.target);
  const { readyMs } = running;
  switch (load.kind) {
    case 'none':
      return { readyMs, restartMs: await running.restart() };
    case 'flood':
      return { readyMs, ...(await runFlood(bench, scenario, dir, running, smsc, reports)) };
    case 'pace':
      return { readyMs, ...(await runPaced(bench, scenario, load.perSecond, running, smsc, reports)) };
  }
}

async function runFlood(
  bench: Bench,
  scenario: Scenario,
  dir: string,
  running: Running,
  smsc: Smsc,
  reports: ReportReceiver,
): Promise<Partial<Figures>> {
  const warm = await flood(bench.processes, running.target, dir, bench.warmSeconds, 0);
  await quiet(smsc, DRAIN_BEFORE, reports.count);

  const before = await reading(running, smsc, reports);
  const load = await flood(bench.processes, running.target, dir, scenario.seconds, warm.requests + IN_FLIGHT);
  const after = await reading(running, smsc, reports);
  const accepted = load.requests - load.refused;
  const arrived = after.counts.submits - before.counts.submits;
  const settled = await quiet(smsc, DRAIN_AFTER);
  const { reported, answers, delay } = rates(running, before, after);
  return {
    ...cost(running, before, after),
    accepted: (accepted / load.micros) * 1e6,
    receipts: scenario.receipts ? reported : null,
    answerP50: load.p50,
    answerP99: load.p99,
    ceiling: scenario.latencyMs > 0 && answers > 0 ? (WINDOW * 1e6) / delay : null,
    refused: load.refused + load.broken,
    backlog: Math.max(0, accepted - arrived),
    // wrk leaves up to a connection's worth of requests each uncounted when it stops: they make up for nothing that is missing.
    missing: settled.quiet ? Math.max(0, before.counts.submits + accepted - settled.submits) : null,
  };
}

async function runPaced(
  bench: Bench,
  { seconds }: Scenario,
  perSecond: number,
  running: Running,
  smsc: Smsc,
  reports: ReportReceiver,
): Promise<Partial<Figures>> {
  const warm = await pace(running.target, perSecond, bench.warmSeconds, 0);
  await quiet(smsc, DRAIN_BEFORE);

  const before = await reading(running, smsc, reports);
  const sent = await pace(running.target, perSecond, seconds, warm.length);
  await quiet(smsc, DRAIN_AFTER);
  const after = await reading(running, smsc, reports);
  const arrivals = await smsc.arrivals();
  const accepted = sent.flatMap(({ number, sent, accepted }) =>
    accepted === null ? [] : [{ sent, accepted, arrived: arrivals.get(number) }],
  );
  const arrived = accepted.flatMap(({ arrived, ...rest }) => (arrived === undefined ? [] : [{ ...rest, arrived }]));
  const answer = accepted.map(({ sent, accepted }) => (accepted - sent) / 1000);
  const fromAccept = arrived.map(({ accepted, arrived }) => (arrived - accepted) / 1000);
  const fromSend = arrived.map(({ sent, arrived }) => (arrived - sent) / 1000);
  return {
    ...cost(running, before, after),
    accepted: accepted.length / seconds,
    wire: arrived.length / seconds,
    answerP50: percentile(answer, 0.5),
    answerP99: percentile(answer, 0.99),
    acceptToSubmitP50: percentile(fromAccept, 0.5),
    acceptToSubmitP99: percentile(fromAccept, 0.99),
    sendToSubmitP50: percentile(fromSend, 0.5),
    sendToSubmitP99: percentile(fromSend, 0.99),
    refused: sent.length - accepted.length,
    missing: accepted.length - arrived.length,
  };
}

interface Reading {
  readonly counts: Counts;
  /** Delivery reports that came by HTTP. */
  readonly reports: number;
  readonly service: Usage;
  readonly database: Usage;
  readonly machine: { readonly others: number; readonly possible: number };
}

async function reading(running: Running, smsc: Smsc, reports: ReportReceiver): Promise<Reading> {
  const [counts, service, database, machine] = await Promise.all([
    smsc.counts(),
    usage(running.pids),
    usage(running.databasePids),
    othersCpu(process.pid),
  ]);
  return { counts, reports: reports.count(), service, database, machine };
}

/** What the time between two readings cost, and how many messages a second it brought. */
function cost(running: Running, before: Reading, after: Reading): Partial<Figures> {
  const messages = after.counts.submits - before.counts.submits;
  const cpuSeconds = after.service.cpuSeconds - before.service.cpuSeconds;
  const possible = after.machine.possible - before.machine.possible;
  const databaseCpu = after.database.cpuSeconds - before.database.cpuSeconds;
  return {
    wire: rates(running, before, after).submits,
    cpuSeconds,
    cpuMicros: messages > 0 ? (cpuSeconds * 1e6) / messages : null,
    databaseCpuMicros: messages > 0 && databaseCpu > 0 ? (databaseCpu * 1e6) / messages : null,
    rssMb: after.service.rssMb,
    othersCpuPercent: Math.max(0, (100 * (after.machine.others - before.machine.others)) / possible),
  };
}

function rates({ reportsByHttp }: Running, before: Reading, after: Reading) {
  const seconds = (after.counts.at - before.counts.at) / 1e6;
  const since = (count: keyof Counts) => after.counts[count] - before.counts[count];
  const answers = since('answers');
  return {
    submits: since('submits') / seconds,
    // A service that reports by HTTP has done so when the report is here; one that keeps reports, when it answered the receipt.
    reported: (reportsByHttp ? after.reports - before.reports : since('receiptAnswers')) / seconds,
    answers,
    /** Mean, µs. */
    delay: since('delay') / answers,
  };
}
