import type { RtpPacket } from './rtp-packet.ts';

/** How many packets in a row a stranger must send before it is taken for the far end: 80 ms of sound. */
const PROBATION = 4;
/** How long the far end must have been silent before another may take its place, ms. */
export const RELEASE_MS = 3_000;

interface Source {
  readonly address: string;
  readonly port: number;
}

/**
 * Who the far end is: symmetric RTP (RFC 4961) for far ends behind an address translator, which cannot know in their SDP where
 * they will be seen to send from. What it is careful about is the stray and the hostile packet: whoever is followed gets the sound
 * of the call, and so the code. The address of the SDP is believed at once and always; anybody else must send several packets in a
 * row, and only while the far end is not heard. The SSRC is no part of it: an exchange may change it in mid-call, and a forged
 * source address can lead no sound astray.
 */
export interface SourceLock {
  /** Where to send: who is followed, or what the SDP said. */
  readonly to: Source;
  /** What the SDP says now. When it says something new, whoever was followed no longer is. */
  expect(source: Source): void;
  /** Whether a packet is the far end's. @param now ms on a monotonic clock. */
  accept(from: Source, packet: RtpPacket, now: number): boolean;
}

export function sourceLock(first: Source): SourceLock {
  let expected = first;
  let followed: Source | null = null;
  let heardAt = Number.NEGATIVE_INFINITY;
  let candidate: (Source & { readonly ssrc: number; readonly sequence: number; readonly count: number }) | null = null;

  function follow(source: Source, now: number): true {
    followed = source;
    heardAt = now;
    candidate = null;
    return true;
  }

  return {
    get to() {
      return followed ?? expected;
    },
    expect(source) {
      if (same(source, expected)) return;
      expected = source;
      followed = null;
      candidate = null;
    },
    accept(from, { ssrc, sequence }, now) {
      if (same(from, expected)) return follow(expected, now);
      if (followed !== null) {
        if (same(from, followed)) return follow(followed, now);
        if (now - heardAt < RELEASE_MS) return false;
      }
      const next =
        candidate !== null &&
        same(from, candidate) &&
        candidate.ssrc === ssrc &&
        sequence === ((candidate.sequence + 1) & 0xffff);
      const count = next ? (candidate?.count ?? 0) + 1 : 1;
      if (count >= PROBATION) return follow({ address: from.address, port: from.port }, now);
      candidate = { address: from.address, port: from.port, ssrc, sequence, count };
      return false;
    },
  };
}

function same(a: Source, b: Source): boolean {
  return a.port === b.port && a.address === b.address;
}
