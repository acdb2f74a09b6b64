import type { TrunkRow } from '../store/tables/uplinks.ts';
import type { Vault } from '../vault/vault.ts';
import type { CallEngine } from '../voice/calls/call-engine.ts';
import { openTrunk, type TrunkHost } from '../voice/calls/sip/open-trunk.ts';
import { parseTrunkConfig } from '../voice/calls/sip/trunk-config.ts';
import { eitherFamily } from './either-family.ts';

interface Deps extends Omit<TrunkHost, 'media'> {
  readonly vault: Pick<Vault, 'open'>;
  /** Asked for when the first trunk is opened: a service without trunks has no media threads. */
  readonly media: () => TrunkHost['media'];
}

/** Opens trunks as their rows say, each with sockets of its own. */
export function trunkOpener({ vault, media, ...host }: Deps): (row: TrunkRow) => Promise<CallEngine | null> {
  const { log } = host;
  return async ({ name, configSealed }) => {
    const json = vault.open({ account: '', row: name, column: 'trunk' }, configSealed);
    const parsed = json === null ? null : parseTrunkConfig(JSON.parse(json));
    if (parsed === null || 'faults' in parsed) {
      log.error('trunk_unreadable', { trunk: name, reason: parsed === null ? 'key' : 'configuration' });
      return null;
    }
    const open = (listen: TrunkHost['listen']) => openTrunk(name, parsed.config, { ...host, listen, media: media() });
    try {
      return await eitherFamily(host.listen, open);
    } catch (error) {
      log.error('trunk_not_opened', { trunk: name }, error);
      return null;
    }
  };
}
