import { Type } from '@sinclair/typebox';
import type { AppDeps } from '../app-deps.ts';
import type { TrunkCheck } from '../delivery/check-trunk.ts';
import { reads } from '../dialects/native/reads.ts';
import { reportSchema } from './check-report.ts';
import { trunkAnswer, trunkBody } from './trunk-schema.ts';
import { trunkRows, trunkType } from './trunk-type.ts';
import { uplinkOperations } from './uplinks.ts';

type Deps = Pick<AppDeps, 'store' | 'vault' | 'trunks' | 'clock'> & { readonly checkTrunk: TrunkCheck };

const STEPS = ['resolve', 'connect', 'tls', 'options', 'register'] as const;

const report = reportSchema('TrunkReport', {
  step: Type.Union(STEPS.map((step) => Type.Literal(step))),
  host: Type.String({ description: 'Which of the trunk’s hosts it is about.' }),
});

const checkBody = reads(Type.Object({}, { maxProperties: 0, must: 'be empty: the check of a trunk calls nobody' }));

/** SIP trunks. The check calls nobody. */
export function trunkOperations(deps: Deps) {
  return uplinkOperations(deps, {
    type: trunkType,
    rows: trunkRows,
    open: deps.trunks,
    body: trunkBody,
    answer: trunkAnswer,
    check: {
      description: 'Beside what runs: resolve, connect, TLS, OPTIONS, and REGISTER where it registers. Calls nobody.',
      body: checkBody,
      report,
      run: (config) => deps.checkTrunk(config),
    },
  });
}
