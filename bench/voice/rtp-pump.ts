/**
 * How evenly the media threads send: many calls that play and hear at once, over loopback, and what their far ends saw.
 * `node voice/rtp-pump.ts [calls] [seconds] [threads]`, in bench/.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { silentLog } from '../../server/src/observe/log.ts';
import { systemRandom } from '../../server/src/values/random.ts';
import { dtmfTone } from '../../server/src/voice/audio/dtmf-tone.ts';
import { joinClips } from '../../server/src/voice/audio/make-clip.ts';
import { rtpPool } from '../../server/src/voice/calls/rtp/rtp-pool.ts';
import { percentile } from '../measure/statistics.ts';
import { Processes } from '../processes.ts';

/** What the far ends heard since they were last told to forget. */
export interface Heard {
  readonly packets: number;
  readonly lost: number;
  /** Of each packet, how far from 20 ms after the one before it came, ms. */
  readonly deviations: readonly number[];
}

const WARM_MS = 2_000;
const [calls = 500, seconds = 10, threads = 1] = process.argv.slice(2).map(Number);

const processes = new Processes();
const farEnds = processes.fork(new URL('far-ends.ts', import.meta.url).pathname, [String(calls)]);
const ports = await answer<readonly number[]>(farEnds);

const pool = rtpPool(
  { threads, ports: 'any', host: { 4: '127.0.0.1', 6: '::1' } },
  { random: systemRandom(), log: silentLog },
);
const clips = Array.from({ length: 10 }, (_, i) => dtmfTone(String(i), 500));
const long = joinClips(Array.from({ length: Math.ceil((seconds + WARM_MS / 1000) / 5) + 1 }, () => joinClips(clips)));
for (const port of ports) {
  const session = await pool.open({ family: 4, onEvent() {} });
  session.play([long]);
  session.start({ address: '127.0.0.1', port, codec: 'pcma', payloadType: 8, eventPayloadType: 101, send: true });
}

await setTimeout(WARM_MS);
farEnds.send('forget');
const before = process.cpuUsage();
await setTimeout(seconds * 1000);
const { user, system } = process.cpuUsage(before);
farEnds.send('heard');
const { packets, lost, deviations } = await answer<Heard>(farEnds);

console.log(`calls              ${calls}, both ways, ${threads} thread${threads === 1 ? '' : 's'}, ${seconds} s`);
console.log(`packets            ${packets} (${Math.round(packets / seconds)}/s), ${lost} lost`);
for (const share of [0.5, 0.99, 0.999]) {
  console.log(`gap deviation p${String(100 * share).padEnd(4)} ${percentile(deviations, share).toFixed(2)} ms`);
}
console.log(`cpu                ${((user + system) / seconds / 10_000).toFixed(1)} % of a core`);

await pool.close();
await processes.end(farEnds);

async function answer<T>(from: ChildProcess): Promise<T> {
  const [message] = await once(from, 'message');
  return message;
}
