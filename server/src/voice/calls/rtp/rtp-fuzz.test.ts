import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { silentLog } from '../../../observe/log.ts';
import { seededRandom } from '../../../values/seeded-random.ts';
import { dtmfTone } from '../../audio/dtmf-tone.ts';
import { joinClips } from '../../audio/make-clip.ts';
import { eventPacket, farEnd, rtpPacket } from './far-end.ts';
import type { MediaEvent } from './media.ts';
import { rtpPool } from './rtp-pool.ts';
import { rtpSession } from './rtp-session.ts';

const PACKETS = 100_000;
/** So many leave before what came is read: more would not fit into the socket's buffer. */
const WINDOW = 100;

test('100,000 random and mutated packets at one port: no crash, and another call hears each octet of its own', async () => {
  const random = seededRandom(4475);
  const [far, other, attacker] = [await farEnd(), await farEnd(), await farEnd()];
  const rtp = rtpPool({ threads: 1, ports: 'any', host: { 4: '127.0.0.1', 6: '::1' } }, { random, log: silentLog });
  const remote = { codec: 'pcma', payloadType: 8, eventPayloadType: 101, send: true } as const;
  try {
    const told: MediaEvent[] = [];
    const target = await rtp.open({ family: 4, onEvent() {} });
    const session = await rtp.open({ family: 4, onEvent: (event) => told.push(event) });
    target.start({ ...remote, address: far.address, port: far.port });
    // A minute: longer than it takes.
    const clip = joinClips(Array.from({ length: 60 }, (_, i) => dtmfTone(String(i % 10), 1000)));
    session.play([clip]);
    session.start({ ...remote, address: other.address, port: other.port });

    await other.until((got) => got.length > 0);
    for (let sent = 0; sent < PACKETS; sent += WINDOW) {
      const batch = Array.from({ length: WINDOW }, () => mutant(random));
      // From the far end's own address too: what it says is believed most.
      await Promise.all(batch.map((bytes, i) => (i % 2 === 0 ? far : attacker).send(bytes, target.port)));
      await setImmediate();
    }
    far.clear();
    await far.until((got) => got.length > 1);
    const during = other.got.length;
    await other.until((got) => got.length > during + 10);
    const heard = Buffer.concat(other.got.map(({ payload }) => payload));
    expect(heard.equals(Buffer.from(clip.encoded('pcma').subarray(0, heard.length)))).toBe(true);
    expect(told).toEqual([]);
    target.close();
    // The thread answers in order: once this one is open, that one's count has come.
    await rtp.open({ family: 4, onEvent() {} });
    // On a busy machine the socket's buffer loses some.
    const { received, dropped } = rtp.tally;
    expect(received).toBeGreaterThan(PACKETS * 0.05);
    expect(dropped).toBeGreaterThan(PACKETS * 0.05);
  } finally {
    await rtp.close();
    await Promise.all([far.close(), other.close(), attacker.close()]);
  }
}, 60_000);

test('each of 100,000 such packets is counted once, and only keys are told', () => {
  const random = seededRandom(3261);
  const told = new Set<string>();
  const session = rtpSession(
    { ssrc: 1, sequence: 1, timestamp: 1 },
    { key: (key) => told.add(key), firstPacket() {}, played() {} },
  );
  const sdp = { address: '192.0.2.1', port: 4000 };
  session.remote({ codec: 'pcma', payloadType: 8, eventPayloadType: 101, send: true, ...sdp }, null);
  for (let i = 0; i < PACKETS; i += 1) {
    const from = i % 2 === 0 ? sdp : { address: '198.51.100.7', port: random.below(4) };
    session.take(mutant(random), from, i);
  }
  expect(session.tally.received + session.tally.dropped).toBe(PACKETS);
  expect([...told].toSorted().join('')).toBe('#*0123456789ABCD');
});

function mutant(random: ReturnType<typeof seededRandom>): Buffer {
  if (random.below(4) === 0) return Buffer.from(random.bytes(random.below(64)));
  const fields = { sequence: random.below(65_536), ssrc: random.below(3) };
  const whole =
    random.below(2) === 0 ? rtpPacket(fields) : eventPacket(random.below(256), random.below(2 ** 32), fields);
  const bytes = whole.subarray(0, random.below(4) === 0 ? random.below(whole.length) : whole.length);
  for (let i = random.below(4); i > 0 && bytes.length > 0; i -= 1) {
    bytes[random.below(bytes.length)] = random.below(256);
  }
  return bytes;
}
