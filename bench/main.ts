import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Plan, plan, USAGE } from './flags.ts';
import { Processes } from './processes.ts';
import { machine } from './report/machine.ts';
import { medians, type Result } from './report/medians.ts';
import { scenarioTable, targetTable } from './report/table.ts';
import { targets } from './report/targets.ts';
import { type Bench, run } from './run.ts';
import { serviceFinder } from './services/find-service.ts';

const HERE = import.meta.dirname;
const WARM_SECONDS = 2;

const processes = new Processes();
// The first interrupt ends what runs, so that everything unwinds and cleans up after itself; the second ends it at once.
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    processes.killAll();
  });
}

const wanted = readPlan();
if (wanted === 'help') console.log(USAGE);
else process.exitCode = await measure(wanted);

function readPlan(): Plan | 'help' {
  try {
    return plan(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** Runs the plan, prints and writes what it measured; resolves to the exit code. */
async function measure(plan: Plan): Promise<number> {
  const tmp = join(HERE, 'tmp', `${process.pid}`);
  await mkdir(tmp, { recursive: true });
  const bench: Bench = { processes, tmp, warmSeconds: WARM_SECONDS };
  const results: Result[] = [];
  const failures: string[] = [];
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(tmp, { recursive: true, force: true }));
  const find = serviceFinder(bench, undo);

  for (const { round, scenario, service } of steps(plan)) {
    const label = `round ${round}/${plan.rounds} ${scenario.name} ${service}`;
    try {
      const figures = await run(bench, scenario, service, find);
      results.push({ round, scenario: scenario.name, service, figures });
      console.error(`${label}: ${brief(figures)}`);
    } catch (error) {
      if (interrupted) break;
      failures.push(`${label}: ${error instanceof Error ? error.message : error}`);
      console.error(failures.at(-1));
    }
  }

  const all = medians(results);
  const reached = targets(all, ['passbell-sqlite', 'passbell-postgres']);
  for (const scenario of plan.scenarios) console.log(`\n${scenarioTable(scenario, all)}`);
  if (reached.length > 0) console.log(`\n${targetTable(reached)}`);
  const date = new Date().toISOString();
  const folder = join(HERE, 'results');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${date.slice(0, 10)}-${plan.name}.json`);
  const { name, scenarios, rounds } = plan;
  const record = {
    name,
    date,
    machine: await machine(),
    seconds: Object.fromEntries(scenarios.map(({ name, seconds }) => [name, seconds])),
    rounds,
    medians: all,
    targets: reached,
    results,
    failures,
  };
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`);
  console.log(`\n${interrupted ? 'Interrupted. ' : ''}Written to ${file}`);
  return interrupted ? 130 : failures.length > 0 ? 1 : 0;
}

/** Round by round, and in each round scenario by scenario, so that what drifts on the machine drifts for all alike. */
function* steps({ rounds, scenarios }: Plan) {
  for (let round = 1; round <= rounds; round++) {
    for (const scenario of scenarios) {
      const services = round % 2 === 1 ? scenario.services : scenario.services.toReversed();
      for (const service of services) yield { round, scenario, service };
    }
  }
}

function brief(figures: object): string {
  return Object.entries(figures)
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => `${name} ${Math.abs(value) < 100 ? value.toFixed(2) : Math.round(value)}`)
    .join(', ');
}
