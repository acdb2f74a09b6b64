import { test as base } from 'vitest';
import { startBaresip } from '../peers/baresip.ts';
import { startKamailio } from '../peers/kamailio.ts';
import { startLossyUdp } from '../peers/lossy-udp.ts';
import { captureRtp } from '../peers/rtp-report.ts';
import { startSipp } from '../peers/sipp.ts';

/** Starts peers that end with the test. */
export interface Peers {
  readonly sipp: typeof startSipp;
  readonly baresip: typeof startBaresip;
  readonly kamailio: typeof startKamailio;
  readonly lossyUdp: typeof startLossyUdp;
  /** Of one port, or from the first to the last. */
  readonly capture: (first: number, last?: number) => ReturnType<typeof captureRtp>;
}

/** `test('…', async ({ peers }) => { const bob = await peers.baresip(); … })` */
export const test = base.extend<{ peers: Peers }>({
  peers: async ({ task: _ }, use) => {
    const undo: (() => Promise<unknown>)[] = [];
    async function kept<P>(starting: Promise<P>, stop: (peer: P) => Promise<unknown>): Promise<P> {
      const peer = await starting;
      undo.push(() => stop(peer));
      return peer;
    }
    const stop = (peer: { stop(): Promise<void> }) => peer.stop();
    await use({
      sipp: (options) => kept(startSipp(options), stop),
      baresip: (options) => kept(startBaresip(options), stop),
      kamailio: (options) => kept(startKamailio(options), stop),
      lossyUdp: (options) => kept(startLossyUdp(options), stop),
      capture: (first, last = first) => kept(captureRtp(first, last), (recording) => recording.close()),
    });
    await Promise.all(undo.map((one) => one()));
  },
});
