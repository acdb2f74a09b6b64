import { Type } from '@sinclair/typebox';
import type { AppDeps } from '../app-deps.ts';
import { reads } from '../dialects/native/reads.ts';
import { checkCarrier } from '../sms/smpp/check.ts';
import { carrierRows, carrierType } from './carrier-type.ts';
import { uplinkHandlers } from './uplinks.ts';

const readCheck = reads(
  Type.Object(
    { to: Type.Optional(Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$', must: 'be a number in E.164' })) },
    { additionalProperties: false, must: 'be an object' },
  ),
);

/** SMS carriers. The check sends one message to `to`, if that is given. */
export function carrierHandlers(deps: Pick<AppDeps, 'store' | 'vault' | 'carriers' | 'clock'>) {
  return uplinkHandlers(deps, {
    type: carrierType,
    rows: carrierRows,
    open: deps.carriers,
    check: (config, body) => checkCarrier(config, { ...readCheck(body), clock: deps.clock }),
  });
}
