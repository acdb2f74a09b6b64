import { expect, test } from 'vitest';
import { eventPacket, rtpPacket } from './far-end.ts';
import type { Remote } from './media.ts';
import { type RtpPacket, readRtp } from './rtp-packet.ts';
import { rtpSession } from './rtp-session.ts';

const REMOTE: Remote = {
  address: '192.0.2.1',
  port: 4000,
  codec: 'pcma',
  payloadType: 8,
  eventPayloadType: 101,
  send: true,
};
const SEED = { ssrc: 0xdecade01, sequence: 65_534, timestamp: 2 ** 32 - 200 };

type Sent = RtpPacket & { readonly marker: boolean; readonly payload: Buffer; readonly to: string };

/** A session without a socket or a clock: `sent` is what it sent, `said` what it told. */
function bench() {
  const sent: Sent[] = [];
  const said: string[] = [];
  const session = rtpSession(SEED, {
    key: (key) => said.push(`key ${key}`),
    firstPacket: () => said.push('first packet'),
    played: (turn) => said.push(`played ${turn}`),
  });
  const socket = {
    send(packet: Buffer, port: number, address: string) {
      const read = readRtp(packet);
      if (read === null) throw new Error('no RTP');
      sent.push({
        ...read,
        marker: packet.readUInt8(1) > 127,
        payload: Buffer.from(packet.subarray(12)),
        to: `${address} ${port}`,
      });
    },
  };
  return {
    session,
    sent,
    said,
    frames(count: number) {
      for (let i = 0; i < count; i += 1) session.frame(socket);
    },
  };
}

test('nothing is sent before the far end is known', () => {
  const { sent, frames } = bench();
  frames(3);
  expect(sent).toEqual([]);
});

test('silence flows from the start, 160 octets each 20 ms, past the highest counts', () => {
  const { session, sent, frames } = bench();
  session.remote(REMOTE, null);
  frames(4);
  expect(sent.map((packet) => packet.sequence)).toEqual([65_534, 65_535, 0, 1]);
  expect(sent.map((packet) => packet.timestamp)).toEqual([2 ** 32 - 200, 2 ** 32 - 40, 120, 280]);
  expect(sent.map((packet) => packet.marker)).toEqual([true, false, false, false]);
  for (const packet of sent) {
    expect(packet).toMatchObject({ ssrc: 0xdecade01, payloadType: 8, to: '192.0.2.1 4000' });
    expect(packet.payload.equals(Buffer.alloc(160, 0xd5))).toBe(true);
  }
});

test('its end is told with the packet that holds the last sample, then silence flows on', () => {
  const { session, sent, said, frames } = bench();
  session.remote({ ...REMOTE, codec: 'pcmu', payloadType: 0 }, null);
  session.play({ turn: 3, clips: [new Uint8Array(100).fill(1), new Uint8Array(70).fill(2)] });
  frames(1);
  expect(said).toEqual([]);
  frames(2);
  expect(said).toEqual(['played 3']);
  expect([...(sent[0]?.payload ?? [])]).toEqual([...Array(100).fill(1), ...Array(60).fill(2)]);
  expect([...(sent[1]?.payload ?? [])]).toEqual([...Array(10).fill(2), ...Array(150).fill(0xff)]);
  expect([...(sent[2]?.payload ?? [])]).toEqual(Array(160).fill(0xff));
});

test('on hold nothing is sent, what plays stands still, keys are heard; then time has gone on', () => {
  const { session, sent, said, frames } = bench();
  session.remote(REMOTE, { turn: 1, clips: [new Uint8Array(320).fill(7)] });
  frames(1);
  session.remote({ ...REMOTE, send: false }, null);
  frames(5);
  session.take(eventPacket(1, 8000), { address: '192.0.2.1', port: 4000 }, 0);
  expect(said).toEqual(['key 1']);
  expect(sent).toHaveLength(1);
  session.remote(REMOTE, null);
  frames(1);
  expect(said).toEqual(['key 1', 'played 1']);
  expect(sent[1]).toMatchObject({ sequence: 65_535, timestamp: (2 ** 32 - 200 + 6 * 160) % 2 ** 32, marker: true });
});

test('what was skipped is time without packets', () => {
  const { session, sent, frames } = bench();
  session.remote(REMOTE, null);
  frames(1);
  session.skip(10);
  frames(1);
  expect(sent[1]).toMatchObject({ sequence: 65_535, timestamp: (2 ** 32 - 200 + 11 * 160) % 2 ** 32, marker: true });
  expect(session.tally).toMatchObject({ sent: 2, skipped: 10 });
});

test('another codec in mid-clip goes on at the same sample', () => {
  const { session, sent, said, frames } = bench();
  session.remote(REMOTE, { turn: 1, clips: [new Uint8Array(480).fill(7)] });
  frames(1);
  session.remote({ ...REMOTE, codec: 'pcmu', payloadType: 0 }, { turn: 1, clips: [new Uint8Array(480).fill(8)] });
  frames(2);
  expect(sent.map(({ payloadType, payload }) => [payloadType, payload[0]])).toEqual([
    [8, 7],
    [0, 8],
    [0, 8],
  ]);
  expect(said).toEqual(['played 1']);
});

test('sound follows the far end to where it is seen', () => {
  const { session, sent, frames } = bench();
  session.remote(REMOTE, null);
  for (const sequence of [1, 2, 3, 4]) {
    session.take(rtpPacket({ sequence }), { address: '198.51.100.7', port: 6000 }, 0);
  }
  frames(1);
  session.remote({ ...REMOTE, port: 4444 }, null);
  frames(1);
  expect(sent.map(({ to }) => to)).toEqual(['198.51.100.7 6000', '192.0.2.1 4444']);
});

test('an IPv6 far end is known in any spelling', () => {
  const { session, said } = bench();
  session.remote({ ...REMOTE, address: '2001:0DB8:0:0::0001' }, null);
  session.take(rtpPacket({}), { address: '2001:db8::1', port: 4000 }, 0);
  expect(said).toEqual(['first packet']);
});

test('the first packet of sound is told once; other payload types and strangers are dropped', () => {
  const { session, said } = bench();
  const from = { address: '192.0.2.1', port: 4000 };
  session.take(rtpPacket({}), from, 0);
  session.remote(REMOTE, null);
  session.take(rtpPacket({ payloadType: 0 }), from, 0);
  session.take(rtpPacket({ payloadType: 13 }), from, 0);
  session.take(Buffer.from('GET / HTTP/1.1\r\n\r\n'), from, 0);
  session.take(eventPacket(1, 8000), { address: '203.0.113.9', port: 4000 }, 0);
  expect(said).toEqual([]);
  session.take(rtpPacket({}), from, 0);
  session.take(rtpPacket({}), from, 0);
  expect(said).toEqual(['first packet']);
  expect(session.tally).toMatchObject({ received: 2, dropped: 5 });
});

test.for([
  { address: '0.0.0.0' },
  { address: '::' },
  { port: 0 },
  { port: 70_000 },
  { port: -1 },
  { port: Number.NaN },
])('nothing is sent to %j', (where) => {
  const { session, sent, frames } = bench();
  session.remote({ ...REMOTE, ...where }, null);
  frames(2);
  expect(sent).toEqual([]);
});
