import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../../observe/log.ts';
import { seededRandom } from '../../../values/seeded-random.ts';
import type { Clip } from '../../audio/clip.ts';
import { dtmfTone } from '../../audio/dtmf-tone.ts';
import { joinClips, silence } from '../../audio/make-clip.ts';
import { eventPacket, type FarEnd, farEnd, type GotPacket, rtpPacket } from './far-end.ts';
import type { MediaEvent, MediaSession, Remote } from './media.ts';
import { startWorker } from './media-thread.ts';
import { type RtpPool, type RtpPoolOptions, rtpPool } from './rtp-pool.ts';

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of undo.splice(0).reverse()) await close();
});

function pool(options: Partial<RtpPoolOptions> = {}, startThread = startWorker): RtpPool {
  const opened = rtpPool(
    { threads: 1, ports: 'any', host: { 4: '127.0.0.1', 6: '::1' }, ...options },
    { random: seededRandom(3), log: silentLog, startThread },
  );
  undo.push(() => opened.close());
  return opened;
}

async function peer(family: 4 | 6 = 4): Promise<FarEnd> {
  const opened = await farEnd(family);
  undo.push(() => opened.close());
  return opened;
}

function remote({ address, port }: FarEnd, over: Partial<Remote> = {}): Remote {
  return { address, port, codec: 'pcma', payloadType: 8, eventPayloadType: 101, send: true, ...over };
}

/** A session, and its events as they come. */
async function open(from: RtpPool, family: 4 | 6 = 4) {
  const events: MediaEvent[] = [];
  let told: () => void = () => {};
  const session = await from.open({
    family,
    onEvent(event) {
      events.push(event);
      told();
    },
  });
  async function until(kind: MediaEvent['kind']): Promise<void> {
    while (!events.some((event) => event.kind === kind)) {
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
  }
  return { session, events, until };
}

const sound = (got: readonly GotPacket[]) => Buffer.concat(got.map(({ payload }) => payload));
const octets = (clips: readonly Clip[], codec: 'pcma' | 'pcmu') => Buffer.from(joinClips(clips).encoded(codec));

describe.for([4, 6] as const)('over IPv%i', (family) => {
  test('the far end gets each octet of the clips, in order, in one stream', async () => {
    const far = await peer(family);
    const { session, until } = await open(pool(), family);
    const clips = [dtmfTone('1', 73), silence(11), dtmfTone('2', 90)];
    session.play(clips);
    session.start(remote(far));
    await until('played');
    const whole = octets(clips, 'pcma');
    await far.until((got) => got.length * 160 >= whole.length + 160);

    const { got } = far;
    expect(sound(got).subarray(0, whole.length).equals(whole)).toBe(true);
    expect(
      sound(got)
        .subarray(whole.length)
        .every((octet) => octet === 0xd5),
    ).toBe(true);
    expect(got[0]?.marker).toBe(true);
    for (const [i, packet] of got.slice(1).entries()) {
      const before = got[i] as GotPacket;
      const step = (packet.timestamp - before.timestamp) >>> 0;
      expect(packet).toMatchObject({
        ssrc: before.ssrc,
        sequence: (before.sequence + 1) & 0xffff,
        fromPort: session.port,
      });
      // 160, unless this machine was so busy that some frames' time went by: then the marker says so.
      expect(step % 160).toBe(0);
      expect(packet.marker).toBe(step > 160);
    }
  });

  test('a key of the far end is heard once', async () => {
    const far = await peer(family);
    const { session, events, until } = await open(pool(), family);
    session.start(remote(far));
    await far.until((got) => got.length > 0);
    for (const duration of [160, 320, 480]) await far.send(eventPacket(1, 800, { duration }), session.port);
    await far.send(eventPacket(1, 800, { duration: 640, end: true }), session.port);
    await far.send(rtpPacket({ sequence: 9 }), session.port);
    await until('first_packet');
    expect(events).toEqual([{ kind: 'key', key: '1' }, { kind: 'first_packet' }]);
  });
});

test('a clip in µ-law, and another in place of it', async () => {
  const far = await peer();
  const { session, events, until } = await open(pool());
  session.start(remote(far, { codec: 'pcmu', payloadType: 0 }));
  session.play([silence(600_000)]);
  await far.until((got) => got.length > 2);
  const clip = dtmfTone('#', 100);
  session.play([clip]);
  await until('played');
  await far.until((got) => sound(got).includes(octets([clip], 'pcmu')));
  expect(events).toEqual([{ kind: 'played' }]);
  expect(far.got.every(({ payloadType }) => payloadType === 0)).toBe(true);
});

test('a far end that moved is followed, and what is on hold is left alone', async () => {
  const [first, second] = [await peer(), await peer()];
  const { session } = await open(pool());
  session.start(remote(first));
  await first.until((got) => got.length > 1);
  session.update(remote(second));
  await second.until((got) => got.length > 1);
  session.update(remote(second, { send: false }));
  session.update(remote(first));
  const before = second.got.at(-1)?.sequence ?? 0;
  first.clear();
  await first.until((got) => got.length > 2);
  expect(first.got.at(-1)?.sequence).toBeGreaterThan(before);
  expect(first.got.at(-1)?.ssrc).toBe(second.got.at(-1)?.ssrc);
});

test('sound follows a far end behind a translator to where it is seen', async () => {
  const [said, seen] = [await peer(), await peer()];
  const { session } = await open(pool());
  session.start(remote(said));
  await said.until((got) => got.length > 0);
  for (let sequence = 1; sequence <= 4; sequence += 1) await seen.send(rtpPacket({ sequence }), session.port);
  await seen.until((got) => got.length > 2);
});

test('sessions have streams and ports of their own', async () => {
  const far = await peer();
  const rtp = pool({ threads: 2 });
  const sessions = await Promise.all(Array.from({ length: 8 }, () => open(rtp)));
  expect(rtp.sessions).toBe(8);
  for (const { session } of sessions) session.start(remote(far));
  await far.until((got) => new Set(got.map(({ ssrc }) => ssrc)).size === 8);
  expect(new Set(far.got.map(({ fromPort }) => fromPort))).toEqual(
    new Set(sessions.map(({ session }) => session.port)),
  );
});

test('a port is free again after its call, and the packets are counted', async () => {
  const far = await peer();
  const first = await freePort();
  const rtp = pool({ ports: { first, last: first } });
  const { session } = await open(rtp);
  expect(session.port).toBe(first);
  await expect(open(rtp)).rejects.toMatchObject({ code: 'unavailable', detail: { reason: 'overloaded' } });
  session.start(remote(far));
  await far.until((got) => got.length > 0);
  session.close();
  const next = await openSoon(rtp);
  expect(next.port).toBe(first);
  expect(rtp.tally.sent).toBeGreaterThanOrEqual(1);
});

test('a port that another program has is passed over', async () => {
  const first = await freePort();
  const other = createSocket('udp4');
  undo.push(async () => other.close());
  other.bind(first, '127.0.0.1');
  await once(other, 'listening');
  const { session } = await open(pool({ ports: { first, last: first + 20 } }));
  expect(session.port).toBeGreaterThan(first);
});

test('an address that cannot be bound is said at once', async () => {
  await expect(open(pool({ host: { 4: '192.0.2.1', 6: '::1' } }))).rejects.toMatchObject({ code: 'unavailable' });
});

test('when a thread dies its calls are lost, and the next is served by another', async () => {
  const workers: Worker[] = [];
  const rtp = pool({}, () => {
    workers.push(startWorker());
    return workers.at(-1) as Worker;
  });
  const { events, session, until } = await open(rtp);
  void workers[0]?.terminate();
  await until('lost');
  expect(events).toEqual([{ kind: 'lost' }]);
  session.play([silence(20)]);
  session.close();

  const far = await peer();
  const next = await open(rtp);
  next.session.start(remote(far));
  await far.until((got) => got.length > 0);
  expect(workers).toHaveLength(2);
  expect(rtp.sessions).toBe(1);
});

test('a call that waits for a thread that dies is refused, and does not hang', async () => {
  const threads = [() => new Worker('process.exit(1)', { eval: true }), startWorker];
  const rtp = pool({}, () => threads.shift()?.() ?? startWorker());
  await expect(open(rtp)).rejects.toMatchObject({ code: 'unavailable', detail: { reason: 'overloaded' } });
  expect((await open(rtp)).session.port).toBeGreaterThan(0);
});

test('a closed pool says nothing to its sessions, and takes no more', async () => {
  const rtp = pool();
  const { events } = await open(rtp);
  await rtp.close();
  expect(events).toEqual([]);
  await expect(open(rtp)).rejects.toMatchObject({ code: 'unavailable' });
});

/** An even port that nobody has just now. */
async function freePort(): Promise<number> {
  for (;;) {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    await once(socket, 'close');
    if (port % 2 === 0) return port;
  }
}

/** Opens a session as soon as a port is free: a `close` takes its way through the thread. */
async function openSoon(rtp: RtpPool): Promise<MediaSession> {
  for (;;) {
    try {
      return (await open(rtp)).session;
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
