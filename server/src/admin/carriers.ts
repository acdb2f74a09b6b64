import { Type } from '@sinclair/typebox';
import type { AppDeps } from '../app-deps.ts';
import { orNull } from '../dialects/native/field-schemas.ts';
import { reads } from '../dialects/native/reads.ts';
import { checkCarrier } from '../sms/smpp/check.ts';
import { carrierAnswer, carrierBody } from './carrier-schema.ts';
import { carrierRows, carrierType } from './carrier-type.ts';
import { reportSchema } from './check-report.ts';
import { uplinkOperations } from './uplinks.ts';

const STEPS = ['resolve', 'connect', 'tls', 'bind', 'enquire_link', 'submit', 'unbind'] as const;
const ROLES = ['transceiver', 'transmitter', 'receiver'] as const;

const report = reportSchema('CarrierReport', {
  step: Type.Union(STEPS.map((step) => Type.Literal(step))),
  role: orNull(Type.Union(ROLES.map((role) => Type.Literal(role))), { description: 'Null: the same for all.' }),
});

const checkBody = reads(
  Type.Object(
    {
      to: Type.Optional(
        Type.String({
          pattern: '^\\+[1-9][0-9]{6,14}$',
          description: 'Sends one message there; left out: none is sent.',
          examples: ['+9779851023212'],
          must: 'be a number in E.164',
        }),
      ),
    },
    { additionalProperties: false, must: 'be an object' },
  ),
);

/** SMS carriers. The check sends one message to `to`, if that is given. */
export function carrierOperations(deps: Pick<AppDeps, 'store' | 'vault' | 'carriers' | 'clock'>) {
  return uplinkOperations(deps, {
    type: carrierType,
    rows: carrierRows,
    open: deps.carriers,
    body: carrierBody,
    answer: carrierAnswer,
    check: {
      description: 'Beside what runs: resolve, connect, TLS, bind, and one message if `to` is given.',
      body: checkBody,
      report,
      run: (config, asked) => checkCarrier(config, { ...asked, clock: deps.clock }),
    },
  });
}
