import type { RtpPacket } from './rtp-packet.ts';

/** The keys by their event codes (RFC 4733 §3.2, table 3). */
const KEYS = '0123456789*#ABCD';
const PAYLOAD_BYTES = 4;
/** An event that is longer than its 16 bits of duration goes on in a new one (RFC 4733 §2.5.1.3). */
const LONGEST = 0xffff;
/** Behind by less than this, 5 s at 8 kHz, it is an old packet that came late; by more, the far end has begun a new count. */
const LATE = 40_000;

/** Turns the telephone-events of one source into keys: one for each press, with its first packet, whether or not its end is heard. */
export interface KeyReader {
  /** @returns the key that was pressed; null for an event that was said before, or is no key. */
  read(packet: RtpPacket, datagram: Buffer): string | null;
}

export function keyReader(): KeyReader {
  let last: { readonly ssrc: number; readonly timestamp: number; readonly code: number } | null = null;

  return {
    read(packet, datagram) {
      if (packet.end - packet.start < PAYLOAD_BYTES) return null;
      const code = datagram.readUInt8(packet.start);
      const key = KEYS[code];
      if (key === undefined) return null;

      const { ssrc, timestamp } = packet;
      const before = last?.ssrc === ssrc ? last : null;
      const ahead = before === null ? LONGEST + 1 : (timestamp - before.timestamp) | 0;
      // The same event again, which is sent many times over, or one that was overtaken.
      if (ahead <= 0 && ahead > -LATE) return null;
      last = { ssrc, timestamp, code };
      return ahead === LONGEST && code === before?.code ? null : key;
    },
  };
}
