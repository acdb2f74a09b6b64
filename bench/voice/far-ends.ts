/**
 * The far ends of many calls, in a process of their own: each has a socket, notes when packets come, and sends as much back. Started
 * by `rtp-pump.ts`. It ends with its parent.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readRtp, writeRtpHeader } from '../../server/src/voice/calls/rtp/rtp-packet.ts';
import type { Heard } from './rtp-pump.ts';

const FRAME_MS = 20;

interface Stream {
  readonly socket: Socket;
  port: number;
  at: number;
  sequence: number;
}

const packet = Buffer.alloc(172, 0xd5);
const deviations: number[] = [];
const streams: Stream[] = [];
let [packets, lost, sequence] = [0, 0, 0];

function got(stream: Stream, datagram: Buffer, port: number): void {
  const now = performance.now();
  const read = readRtp(datagram);
  if (read === null) return;
  stream.port = port;
  packets += 1;
  if (stream.at > 0) {
    deviations.push(Math.abs(now - stream.at - FRAME_MS));
    lost += ((read.sequence - stream.sequence) & 0xffff) - 1;
  }
  stream.at = now;
  stream.sequence = read.sequence;
}

for (let i = 0; i < Number(process.argv[2]); i += 1) {
  const stream: Stream = { socket: createSocket('udp4'), port: 0, at: 0, sequence: 0 };
  stream.socket.on('message', (datagram, from) => got(stream, datagram, from.port));
  stream.socket.bind(0, '127.0.0.1');
  await once(stream.socket, 'listening');
  streams.push(stream);
}

// A few at a time: while it sends, it does not hear, and would take its own pause for the sender's.
const [SLICES, SLICE_MS] = [20, 1];
const start = performance.now();
let slices = 0;

function sendBack({ socket, port }: Stream, ssrc: number): void {
  if (port === 0) return;
  writeRtpHeader(packet, { marker: false, payloadType: 8, sequence, timestamp: 160 * sequence, ssrc });
  socket.send(packet, port, '127.0.0.1');
}

setInterval(() => {
  for (; slices < (performance.now() - start) / SLICE_MS; slices += 1) {
    if (slices % SLICES === 0) sequence = (sequence + 1) & 0xffff;
    for (let i = slices % SLICES; i < streams.length; i += SLICES) sendBack(streams[i] as Stream, i);
  }
}, SLICE_MS);

process.on('message', (question: 'forget' | 'heard') => {
  if (question === 'heard') say({ packets, lost, deviations });
  deviations.length = 0;
  packets = 0;
  lost = 0;
});
process.on('disconnect', () => process.exit());

function say(answer: Heard): void {
  process.send?.(answer);
}

process.send?.(streams.map(({ socket }) => socket.address().port));
