import { trunkRows, trunkType } from '../../admin/trunk-type.ts';
import type { TrunkConfig } from '../../voice/calls/sip/trunk-config.ts';
import { type Host, hostText } from '../uplink/host-list.ts';
import type { Uplink } from '../uplink/uplink.ts';
import { trunkFields } from './fields.ts';

/** SIP trunks, as the command line sets them up. */
export const trunk: Uplink<'sip', TrunkConfig> = {
  type: trunkType,
  rows: trunkRows,
  fields: trunkFields,
  composed: null,
  // Many trunks know whom they serve by the address alone.
  needsPassword: false,
  address: ({ transport = 'udp', ...at }) => `${hostText(at as unknown as Host)} over ${transport}`,
  inWords: {
    backups: (hosts) => (hosts as readonly Host[]).map(hostText).join(', '),
    tls_ca: () => 'own authority',
  },
  help: {
    add: 'set up a SIP trunk; a running server calls through it within a second',
    set: 'change a trunk; a running server calls through it anew within a second',
    disable: 'let its calls end, and place no more',
    unset: 'backups,username',
    remove: 'forget a trunk; a running server lets its calls end',
    none: 'There is no trunk yet. `passbell trunk add` sets one up; test keys need none.',
  },
};
