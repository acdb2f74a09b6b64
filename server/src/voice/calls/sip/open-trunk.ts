import { isIP } from 'node:net';
import type { Log } from '../../../observe/log.ts';
import type { Clock } from '../../../values/clock.ts';
import type { Random } from '../../../values/random.ts';
import type { CallEngine } from '../call-engine.ts';
import type { MediaPool } from '../rtp/media.ts';
import { checkTrunk, type TrunkReport } from './check.ts';
import { openSipStack, type SipStack } from './stack.ts';
import type { Resolver } from './targets/resolver.ts';
import type { TrunkConfig } from './trunk-config.ts';
import { trunkEngine } from './trunk-engine.ts';

/** What this process has for each of its trunks. */
export interface TrunkHost {
  readonly media: MediaPool;
  readonly resolver: Resolver;
  /** Addresses that SIP over UDP is bound to; null: that family is not used. */
  readonly listen: { readonly v4: string | null; readonly v6: string | null };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Opens a trunk with sockets of its own, which close with it. Rejects with the system's error where they cannot be had. */
export async function openTrunk(name: string, config: TrunkConfig, host: TrunkHost): Promise<CallEngine> {
  const stack = await openStack(config, host, config.localPort ?? 0);
  const engine = trunkEngine({ ...host, name, config, stack });
  return {
    ...engine,
    async close(graceMs) {
      await engine.close(graceMs);
      await stack.close();
    },
  };
}

/**
 * Tries a trunk step by step, beside what runs: on sockets of its own.
 * @throws the system's error where those cannot be had.
 */
export async function tryTrunk(config: TrunkConfig, host: Omit<TrunkHost, 'media'>): Promise<TrunkReport> {
  const stack = await openStack(config, host, 0);
  try {
    return await checkTrunk(config, { ...host, stack });
  } finally {
    await stack.close();
  }
}

async function openStack(config: TrunkConfig, host: Omit<TrunkHost, 'media'>, port: number): Promise<SipStack> {
  const { clock, random, log, listen } = host;
  const stack = await openSipStack({ clock, random, log, listen: { ...listen, port }, tls: { ca: config.tlsCa } });
  return config.publicAddress === null ? stack : seenAt(stack, config.publicAddress);
}

/** Behind a NAT: Contact and SDP name the address outside. Via needs none of that, it asks for `rport` (RFC 3581). */
export function seenAt(stack: SipStack, address: string): SipStack {
  return {
    ...stack,
    async local(target) {
      const local = await stack.local(target);
      return isIP(local.host) === isIP(address) ? { ...local, host: address } : local;
    },
  };
}
