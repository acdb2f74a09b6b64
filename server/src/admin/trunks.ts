import { Type } from '@sinclair/typebox';
import type { AppDeps } from '../app-deps.ts';
import type { TrunkCheck } from '../delivery/check-trunk.ts';
import { reads } from '../dialects/native/reads.ts';
import { trunkRows, trunkType } from './trunk-type.ts';
import { uplinkHandlers } from './uplinks.ts';

type Deps = Pick<AppDeps, 'store' | 'vault' | 'trunks' | 'clock'> & { readonly checkTrunk: TrunkCheck };

const readCheck = reads(Type.Object({}, { maxProperties: 0, must: 'be empty: the check of a trunk calls nobody' }));

/** SIP trunks. The check calls nobody. */
export function trunkHandlers(deps: Deps) {
  return uplinkHandlers(deps, {
    type: trunkType,
    rows: trunkRows,
    open: deps.trunks,
    async check(config, body) {
      readCheck(body);
      return deps.checkTrunk(config);
    },
  });
}
