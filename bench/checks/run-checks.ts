import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Flood, floodList } from '../load/flood.ts';
import { filled } from '../load/target.ts';
import type { Figures } from '../measure/figures.ts';
import { othersCpu, usage } from '../measure/process-tree.ts';
import type { Bench } from '../run.ts';
import type { Scenario } from '../scenarios.ts';
import type { CheckRunning, CheckService, Counted } from './check-service.ts';
import { codeOf, writeList, wrongCodeOf } from './codes.ts';
import { keepOffServiceCore, SERVICE_CORE } from './cores.ts';

export type Give = 'right' | 'wrong';

/** Requests that wait for their answers at a time. */
const CONNECTIONS = 128;
/** More codes than the fastest service checks while it is warmed up and measured: none is given twice. */
const CODES_PER_SECOND = 25_000;
/** After a load, requests that were sent and not counted have taken their codes. */
const IN_FLIGHT = 1_000;
/** Longer than a check takes, ms. */
const LOOK = 300;

/**
 * Codes are checked as fast as they are answered, one after another, each once, by a service that has one processor to itself. Rejects when
 * the database does not hold as many failures, or approvals, as were answered: no figure comes from checks that were not made.
 */
export async function runChecks(
  { processes, warmSeconds }: Bench,
  { seconds }: Scenario,
  give: Give,
  service: CheckService,
  dir: string,
): Promise<Partial<Figures>> {
  await using undo = new AsyncDisposableStack();
  undo.use(await keepOffServiceCore());
  const codes = CODES_PER_SECOND * (warmSeconds + seconds);
  const running = undo.use(await service.start({ processes, dir, codes, core: SERVICE_CORE }));
  const { target, keyOf, readyMs } = running;
  const codeGiven = give === 'right' ? codeOf : wrongCodeOf;
  const list = { file: join(dir, 'checks'), sample: { key: keyOf(0), code: codeGiven(0) }, connections: CONNECTIONS };
  await writeList(list.file, codes, keyOf, codeGiven);
  await probe(running, give, { key: keyOf(codes - 1), code: codeGiven(codes - 1) });

  const warm = await floodList(processes, target, list, warmSeconds, 0);
  const countedBefore = await settled(running);
  const before = await reading(running);
  const load = await floodList(processes, target, list, seconds, warm.requests + IN_FLIGHT);
  const after = await reading(running);
  const refused = unexpected(running, give, load);
  verify(give, load, countedBefore, await settled(running));
  return {
    ...cost(before, after, load),
    ...{ readyMs, refused, answerP50: load.p50, answerP99: load.p99 },
    checks: ((load.requests - refused) / load.micros) * 1e6,
  };
}

/** Gives one code, so that a service that does something else says what, instead of a hundred thousand times to nobody. */
async function probe(
  { target, refusesWrong }: CheckRunning,
  give: Give,
  given: { readonly key: string; readonly code: string },
): Promise<void> {
  const { host, port, method, headers, path, body } = target;
  const init = { method, headers, body: filled(body, given) };
  const answer = await fetch(`http://${host}:${port}${filled(path, given)}`, init);
  const text = await answer.text();
  const ok = give === 'right' || !refusesWrong;
  if (answer.ok !== ok) throw new Error(`A first ${give} code was answered ${answer.status}: ${text}`);
}

/** What was counted, once the checks whose answers nobody waited for are made. */
async function settled(running: CheckRunning): Promise<Counted> {
  let last = await running.counted();
  for (;;) {
    await setTimeout(LOOK);
    const now = await running.counted();
    if (now.approved === last.approved && now.failures === last.failures) return now;
    last = now;
  }
}

/** Answers with a status that the code given does not explain, and requests without any. */
function unexpected({ refusesWrong }: CheckRunning, give: Give, { requests, refused, broken }: Flood): number {
  return broken + (give === 'wrong' && refusesWrong ? requests - refused : refused);
}

/** The load generator stops without waiting for its last answers: those checks are made, but not counted by it. */
function verify(give: Give, { requests }: Flood, before: Counted, after: Counted): void {
  const approved = after.approved - before.approved;
  const failures = after.failures - before.failures;
  const [made, wrongly] = give === 'right' ? [approved, failures] : [failures, approved];
  if (made < requests || made > requests + CONNECTIONS || wrongly > 0) {
    throw new Error(
      `${requests} ${give} codes were answered, but ${approved} approved and ${failures} counted as wrong.`,
    );
  }
}

interface Reading {
  readonly service: { readonly cpuSeconds: number; readonly rssMb: number };
  readonly database: { readonly cpuSeconds: number } | null;
  readonly machine: { readonly others: number; readonly possible: number };
}

async function reading({ pids, databasePids }: CheckRunning): Promise<Reading> {
  const [service, database, machine] = await Promise.all([usage(pids), usage(databasePids), othersCpu(process.pid)]);
  return { service, database: databasePids.length > 0 ? database : null, machine };
}

function cost(before: Reading, after: Reading, { requests, micros }: Flood): Partial<Figures> {
  const cpuSeconds = after.service.cpuSeconds - before.service.cpuSeconds;
  const database = after.database && before.database && after.database.cpuSeconds - before.database.cpuSeconds;
  const possible = after.machine.possible - before.machine.possible;
  const ofCore = (cpu: number) => (cpu * 1e8) / micros;
  return {
    cpuSeconds,
    cpuPercent: ofCore(cpuSeconds),
    databaseCpuPercent: database && ofCore(database),
    cpuMicros: (cpuSeconds * 1e6) / requests,
    databaseCpuMicros: database && (database * 1e6) / requests,
    rssMb: after.service.rssMb,
    othersCpuPercent: Math.max(0, (100 * (after.machine.others - before.machine.others)) / possible),
  };
}
