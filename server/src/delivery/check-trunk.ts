import type { TrunkReport } from '../voice/calls/sip/check.ts';
import { type TrunkHost, tryTrunk } from '../voice/calls/sip/open-trunk.ts';
import type { TrunkConfig } from '../voice/calls/sip/trunk-config.ts';
import { eitherFamily } from './either-family.ts';

/** Tries a trunk from this machine, beside what runs. Never rejects, and calls nobody. */
export type TrunkCheck = (config: TrunkConfig) => Promise<TrunkReport>;

type Here = Omit<TrunkHost, 'media'>;

/** Checks trunks over sockets of the check's own, on the addresses that calls go from. */
export function trunkCheck(here: Here): TrunkCheck {
  return (config) =>
    eitherFamily(here.listen, (listen) => tryTrunk(config, { ...here, listen })).catch((error) =>
      noSockets(config, here, error),
    );
}

/** Nothing of the trunk's could be tried: this machine does not have the address that it is to call from. */
function noSockets({ places }: TrunkConfig, { listen }: Here, error: NodeJS.ErrnoException): TrunkReport {
  const expected = `a UDP socket on ${[listen.v4, listen.v6].filter((one) => one !== null).join(' and ')}`;
  const cure = 'Set sip_address to addresses that this machine has.';
  const found = error.code ?? 'error';
  return { ok: false, steps: [{ step: 'connect', host: places[0].host, ok: false, found, expected, cure }] };
}
