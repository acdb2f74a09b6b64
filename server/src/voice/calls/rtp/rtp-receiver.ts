import type { Remote } from './media.ts';
import { readRtp } from './rtp-packet.ts';
import { type SourceLock, sourceLock } from './source-lock.ts';
import { keyReader } from './telephone-event.ts';

/** What is of interest in what comes: the sound itself is not. */
export interface HeardListener {
  key(key: string): void;
  /** The first packet of sound; once. */
  firstPacket(): void;
}

/** What comes to one call's port. */
export interface RtpReceiver {
  /** What the SDP says. Until it was said, everything is dropped. */
  expect(remote: Remote): void;
  /** Where to send. */
  readonly to: SourceLock['to'] | null;
  /** @returns false for what is not the far end's sound or keys. */
  take(datagram: Buffer, from: { readonly address: string; readonly port: number }, now: number): boolean;
}

export function rtpReceiver(listener: HeardListener): RtpReceiver {
  const keys = keyReader();
  let remote: Remote | null = null;
  let lock: SourceLock | null = null;
  let heard = false;

  return {
    expect(next) {
      remote = next;
      if (lock === null) lock = sourceLock(next);
      else lock.expect(next);
    },
    get to() {
      return lock?.to ?? null;
    },
    take(datagram, from, now) {
      const packet = readRtp(datagram);
      if (packet === null || remote === null || lock === null) return false;
      const isKey = packet.payloadType === remote.eventPayloadType;
      if (!isKey && packet.payloadType !== remote.payloadType) return false;
      if (!lock.accept(from, packet, now)) return false;

      if (isKey) {
        const key = keys.read(packet, datagram);
        if (key !== null) listener.key(key);
      } else if (!heard) {
        heard = true;
        listener.firstPacket();
      }
      return true;
    },
  };
}
