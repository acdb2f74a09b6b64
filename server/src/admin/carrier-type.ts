import { parseSmppConfig, type SmppConfig } from '../sms/smpp/config.ts';
import { type UplinkType, uplinkRows } from './uplink-row.ts';

export const carrierType: UplinkType<'smpp', SmppConfig> = {
  noun: 'carrier',
  kind: 'smpp',
  user: 'system_id',
  stored: ({ carriers }) => carriers,
  parse: parseSmppConfig,
};

export const carrierRows = uplinkRows(carrierType);
