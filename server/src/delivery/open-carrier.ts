import type { Log } from '../observe/log.ts';
import type { Carrier } from '../sms/carrier.ts';
import { parseSmppConfig } from '../sms/smpp/config.ts';
import { smppCarrier } from '../sms/smpp/smpp-carrier.ts';
import type { CarrierRow } from '../store/tables/uplinks.ts';
import type { Clock } from '../values/clock.ts';
import type { Random } from '../values/random.ts';
import type { Vault } from '../vault/vault.ts';

interface Deps {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Opens carriers as their rows say. */
export function openCarrier({ vault, clock, random, log }: Deps): (row: CarrierRow) => Carrier | null {
  return (row) => {
    const json = vault.open({ account: '', row: row.name, column: 'carrier' }, row.configSealed);
    const parsed = json === null ? null : parseSmppConfig(JSON.parse(json));
    if (parsed === null || 'faults' in parsed) {
      log.error('carrier_unreadable', { carrier: row.name, reason: parsed === null ? 'key' : 'configuration' });
      return null;
    }
    return smppCarrier(row.name, parsed.config, {
      clock,
      random,
      events: ({ kind, ...fields }) => log.info(`carrier_${kind}`, { carrier: row.name, ...fields }),
    });
  };
}
