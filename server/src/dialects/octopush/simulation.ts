import type { Routes, Uplink } from '../../delivery/route.ts';
import { type Channel, PassbellError } from '../../errors.ts';
import { refuseDestination } from '../../otp/send.ts';

export interface SimulationDeps {
  readonly carriers: Routes<Uplink>;
  readonly trunks: Routes<Uplink>;
}

/**
 * Refuses a simulation for what its send would be refused for, as far as that is known without a commit: `destination_refused` and
 * `channel_unavailable`. Credits, limits, locks and used `request_id`s are judged in the commit that a send is, and a simulation has none.
 */
export function simulate(
  channel: Channel,
  send: Parameters<typeof refuseDestination>[0],
  { carriers, trunks }: SimulationDeps,
): void {
  refuseDestination(send);
  const { routes } = channel === 'sms' ? carriers : trunks;
  if (routes(send.mode).length === 0) throw new PassbellError('channel_unavailable', { channel, reason: 'no_carrier' });
}
