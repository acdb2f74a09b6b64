import { parseArgs } from 'node:util';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import type { ServiceName } from './services/service.ts';

export interface Plan {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
}

export const USAGE = `npm run bench -- [flags]

  --only a,b      scenarios (${SCENARIOS.map(({ name }) => name).join(', ')}) and services
                  (kannel, better-auth, passbell-sqlite, passbell-postgres) to run; all of a kind when none of it is named
  --seconds n     how long each load is measured (10; calls 25)
  --rounds n      how often each is run; the medians count (3)
  --skip-seed     leave out the scenario over 5 million codes
  --name word     the results file is results/<date>-<name>.json (run)
`;

/** What the flags ask for. Throws an Error that names the fault and what to write instead. */
export function plan(args: readonly string[]): Plan | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: '' },
      seconds: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      'skip-seed': { type: 'boolean', default: false },
      name: { type: 'string', default: 'run' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const only = values.only.split(',').filter((word) => word !== '');
  const seconds = values.seconds === undefined ? {} : { seconds: whole('--seconds', values.seconds, 300) };
  const scenarios = choose(SCENARIOS, only)
    .filter(({ seeded }) => seeded === 0 || !values['skip-seed'])
    .map((scenario) => ({ ...scenario, ...seconds }));
  if (scenarios.length === 0) throw new Error('Nothing is left to run: see --only and --skip-seed.');
  if (!/^[\w-]+$/.test(values.name)) throw new Error('--name is part of a file name: letters, digits, - and _.');
  return {
    name: values.name,
    scenarios,
    rounds: whole('--rounds', values.rounds, 100),
  };
}

/** The scenarios named, or all; each with the services named, or all that it has. */
function choose(all: readonly Scenario[], only: readonly string[]): readonly Scenario[] {
  const services = new Set<ServiceName>(all.flatMap((scenario) => scenario.services));
  const namedServices = [...services].filter((name) => only.includes(name));
  const namedScenarios = all.filter(({ name }) => only.includes(name));
  const known = new Set<string>([...services, ...all.map(({ name }) => name)]);
  const unknown = only.filter((word) => !known.has(word));
  if (unknown.length > 0) throw new Error(`--only knows no ${unknown.join(', ')}; it knows ${[...known].join(', ')}.`);
  return (namedScenarios.length > 0 ? namedScenarios : all)
    .map((scenario) => ({
      ...scenario,
      services: scenario.services.filter((name) => namedServices.length === 0 || namedServices.includes(name)),
    }))
    .filter((scenario) => scenario.services.length > 0);
}

function whole(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`${flag} takes 1 to ${most}, not ${text}.`);
  return value;
}
