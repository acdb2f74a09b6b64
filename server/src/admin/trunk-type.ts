import { parseTrunkConfig, type TrunkConfig } from '../voice/calls/sip/trunk-config.ts';
import { type UplinkType, uplinkRows } from './uplink-row.ts';

export const trunkType: UplinkType<'sip', TrunkConfig> = {
  noun: 'trunk',
  kind: 'sip',
  user: 'username',
  stored: ({ trunks }) => trunks,
  parse: parseTrunkConfig,
};

export const trunkRows = uplinkRows(trunkType);
