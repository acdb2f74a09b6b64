/** The fixed part of RTP's header, octets (RFC 3550 §5.1). */
export const RTP_HEADER_BYTES = 12;

const VERSION = 2;
const MARKER = 0x80;

/** What a datagram says it is. Its payload are the octets from `start` up to `end`: no copy is made of them. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly start: number;
  readonly end: number;
}

/** Reads an RTP packet (RFC 3550 §5.1 and its checks in A.1). @returns null for what is none. */
export function readRtp(datagram: Buffer): RtpPacket | null {
  if (datagram.length < RTP_HEADER_BYTES) return null;
  const flags = datagram.readUInt8(0);
  if (flags >> 6 !== VERSION) return null;

  let start = RTP_HEADER_BYTES + 4 * (flags & 0x0f);
  if (flags & 0x10) {
    // An extension: its length is in words, after two octets of its own.
    if (datagram.length < start + 4) return null;
    start += 4 + 4 * datagram.readUInt16BE(start + 2);
  }
  let end = datagram.length;
  if (flags & 0x20) {
    const padding = datagram.readUInt8(end - 1);
    if (padding === 0) return null;
    end -= padding;
  }
  if (start > end) return null;

  return {
    payloadType: datagram.readUInt8(1) & 0x7f,
    sequence: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    ssrc: datagram.readUInt32BE(8),
    start,
    end,
  };
}

/** Writes the fixed header at the beginning of `into`: no padding, no extension, no contributing sources. */
export function writeRtpHeader(
  into: Buffer,
  header: { marker: boolean; payloadType: number; sequence: number; timestamp: number; ssrc: number },
): void {
  into[0] = VERSION << 6;
  into[1] = header.payloadType | (header.marker ? MARKER : 0);
  into.writeUInt16BE(header.sequence, 2);
  into.writeUInt32BE(header.timestamp, 4);
  into.writeUInt32BE(header.ssrc, 8);
}
