import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startProcess } from './peer-process.ts';

/** One direction of one call, as tshark judges it. Times in milliseconds. */
export interface RtpStream {
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly toPort: number;
  readonly ssrc: string;
  readonly payload: string;
  readonly packets: number;
  readonly lost: number;
  /** Between two packets. */
  readonly maxDelta: number;
  /** RFC 3550 §6.4.1. */
  readonly meanJitter: number;
  readonly maxJitter: number;
}

/** A key in RFC 4733 packets, one for each that went by: a key is many. */
export interface RtpEvent {
  readonly fromPort: number;
  readonly event: number;
  readonly end: boolean;
  readonly timestamp: number;
}

/** RTP on the loopback interface as tshark, which this project did not write, reads it. */
export interface RtpCapture {
  /** Stops recording. Rejects when the kernel dropped packets: nothing could be said of losses. */
  stop(): Promise<void>;
  streams(): Promise<readonly RtpStream[]>;
  /**
   * How long after the packet before it in its stream each one was sent, by the kernel's clock, milliseconds; of all that came from the
   * recorded ports.
   */
  gaps(): Promise<readonly number[]>;
  /** `payloadType` is the one agreed for telephone-event. */
  events(payloadType?: number): Promise<readonly RtpEvent[]>;
  /** Removes the recording. */
  close(): Promise<void>;
}

/** Of each packet this much is kept: headers and a whole telephone-event, little of the sound. */
const SNAPLEN = 96;
/** dumpcap gets packets from the kernel each quarter of a second; what it has not got when it is stopped is lost. */
const HANDED_ON_MS = 400;

/** Starts to record UDP on the ports `first` to `last`; resolves when nothing is missed any more. */
export async function captureRtp(first: number, last: number): Promise<RtpCapture> {
  const folder = mkdtempSync(join(tmpdir(), 'passbell-rtp-'));
  const file = join(folder, 'rtp.pcapng');
  const filter = `udp portrange ${first}-${last}`;
  // dumpcap, tshark's own recorder: it writes packets down without a look at them, and so keeps up with 50,000 a second.
  const dumpcap = startProcess('dumpcap', ['-i', 'lo', '-f', filter, '-s', `${SNAPLEN}`, '-B', '64', '-w', file]);
  await dumpcap.said((output) => output.includes('File:'));
  const decode = ['-r', file, '-d', `udp.port==${first}-${last},rtp`];

  async function tshark(...args: readonly string[]): Promise<readonly string[]> {
    const { stdout } = await promisify(execFile)('tshark', [...decode, ...args], { maxBuffer: 256 * 1024 * 1024 });
    return stdout.split('\n').filter((line) => line !== '');
  }

  return {
    async stop() {
      await after(HANDED_ON_MS);
      await dumpcap.end('SIGINT');
      const [, dropped] = /Packets received\/dropped on interface '[^']*': \d+\/(\d+)/.exec(dumpcap.output()) ?? [];
      if (dropped !== '0') throw new Error(`dumpcap missed packets:\n${dumpcap.output()}`);
    },
    async streams() {
      return (await tshark('-q', '-z', 'rtp,streams')).flatMap((line) => readStream(line) ?? []);
    },
    async gaps() {
      const fields = ['-e', 'frame.time_relative', '-e', 'udp.srcport', '-e', 'rtp.ssrc'];
      const lines = await tshark('-Y', `rtp && udp.srcport in {${first}..${last}}`, '-T', 'fields', ...fields);
      const before = new Map<string, number>();
      return lines.flatMap((line) => {
        const [seconds = '', stream = ''] = line.split(/\t(.*)/);
        const at = 1_000 * Number(seconds);
        const previous = before.get(stream);
        before.set(stream, at);
        return previous === undefined ? [] : [at - previous];
      });
    },
    async events(payloadType = 101) {
      const fields = ['udp.srcport', 'rtpevent.event_id', 'rtpevent.end_of_event', 'rtp.timestamp'];
      const lines = await tshark(
        ...['-o', `rtpevent.event_payload_type_value:${payloadType}`, '-Y', 'rtpevent', '-T', 'fields'],
        ...fields.flatMap((field) => ['-e', field]),
      );
      return lines.map((line) => {
        const [fromPort, event, end, timestamp] = line.split('\t');
        return { fromPort: Number(fromPort), event: Number(event), end: end === '1', timestamp: Number(timestamp) };
      });
    },
    async close() {
      await dumpcap.end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const TIMES = String.raw`[\d.]+`;
const ROW = new RegExp(
  [
    String.raw`^\s*${TIMES}\s+${TIMES}`, // start, end
    String.raw`(\S+)\s+(\d+)\s+(\S+)\s+(\d+)`,
    String.raw`(0x[0-9A-F]+)\s+(\S.*?)`,
    String.raw`(\d+)\s+(-?\d+) \(\S+%\)`,
    String.raw`${TIMES}\s+${TIMES}\s+(${TIMES})`, // delta: least, mean, most
    String.raw`${TIMES}\s+(${TIMES})\s+(${TIMES})`, // jitter: the same
  ].join(String.raw`\s+`),
);

/** One row of tshark's table; null for its frame. */
function readStream(line: string): RtpStream | null {
  const [row, from = '', fromPort, to = '', toPort, ssrc = '', payload = '', ...numbers] = ROW.exec(line) ?? [];
  if (row === undefined) return null;
  const [packets = NaN, lost = NaN, maxDelta = NaN, meanJitter = NaN, maxJitter = NaN] = numbers.map(Number);
  const ports = { fromPort: Number(fromPort), toPort: Number(toPort) };
  return { from, to, ...ports, ssrc, payload, packets, lost, maxDelta, meanJitter, maxJitter };
}
