import { type G711, SAMPLE_RATE } from '../../audio/clip.ts';
import { SILENCE } from '../../audio/g711.ts';
import { type Playlist, playlist } from './playlist.ts';
import { FRAME_MS } from './pump.ts';
import { RTP_HEADER_BYTES, writeRtpHeader } from './rtp-packet.ts';

/** Samples, and with G.711 octets, of one packet. */
export const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1000;

/** Where a stream's counts begin: all at random (RFC 3550 §5.1). */
export interface RtpSeed {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
}

/** The stream that one call sends: a packet each 20 ms, silence included, so that no translator on the way forgets it. */
export interface RtpSender {
  readonly playlist: Playlist;
  /** The packet that `next` wrote: always the same memory. */
  readonly packet: Buffer;
  /** Writes the next packet. @returns whether the last of what was to be played is in it. */
  next(codec: G711, payloadType: number): boolean;
  /** Lets the time of so many packets go by: nothing is sent, and what plays stands still. */
  pass(frames: number): void;
}

export function rtpSender(seed: RtpSeed): RtpSender {
  const packet = Buffer.alloc(RTP_HEADER_BYTES + FRAME_SAMPLES);
  const list = playlist();
  // The marker says: a packet after a time without any (RFC 3551 §4.1).
  const header = { ...seed, payloadType: 0, marker: true };

  return {
    playlist: list,
    packet,
    next(codec, payloadType) {
      header.payloadType = payloadType;
      writeRtpHeader(packet, header);
      const ended = list.fill(packet, RTP_HEADER_BYTES, SILENCE[codec]);
      header.marker = false;
      header.sequence = (header.sequence + 1) & 0xffff;
      header.timestamp = (header.timestamp + FRAME_SAMPLES) >>> 0;
      return ended;
    },
    pass(frames) {
      header.marker = true;
      header.timestamp = (header.timestamp + frames * FRAME_SAMPLES) >>> 0;
    },
  };
}
