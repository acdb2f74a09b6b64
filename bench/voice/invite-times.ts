import { startProcess } from '../../e2e/peers/peer-process.ts';
import { monotonicMicros } from '../measure/clock.ts';

/** When INVITEs went over loopback. */
export interface InviteTimes extends AsyncDisposable {
  /** Stops; resolves to when the first INVITE to each number left, monotonic µs, by number without its plus. */
  stop(): Promise<ReadonlyMap<string, number>>;
}

/** Watches a SIP port, by tshark: the kernel stamps the packets, so that no thread's turn is measured along. */
export async function watchInvites(port: number): Promise<InviteTimes> {
  const fields = ['-T', 'fields', '-e', 'frame.time_epoch', '-e', 'sip.r-uri.user'];
  const only = ['-f', `udp port ${port}`, '-d', `udp.port==${port},sip`, '-Y', 'sip.Method == "INVITE"'];
  const tshark = startProcess('tshark', ['-i', 'lo', '-l', ...only, ...fields]);
  await tshark.said((output) => output.includes('Capture started'));
  return {
    async stop() {
      await tshark.end('SIGINT');
      const behind = wallBehindMonotonic();
      const times = new Map<string, number>();
      for (const [, epoch, number = ''] of tshark.output().matchAll(/^(\d+\.\d+)\t\+?(\d+)$/gm)) {
        // An INVITE that is sent again is not the first.
        if (!times.has(number)) times.set(number, Number(epoch) * 1e6 - behind);
      }
      return times;
    },
    async [Symbol.asyncDispose]() {
      await tshark.end('SIGKILL');
    },
  };
}

/** What to take from a time of the wall clock, µs since the epoch, to have it on the monotonic clock. Busy for up to 1 ms. */
function wallBehindMonotonic(): number {
  // Date.now() shows whole milliseconds: the moment at which it moves on is known to a few µs.
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  return now * 1_000 - monotonicMicros();
}
