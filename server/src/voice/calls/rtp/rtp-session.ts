import { SocketAddress } from 'node:net';
import type { Remote } from './media.ts';
import { rtpReceiver } from './rtp-receiver.ts';
import { type RtpSeed, rtpSender } from './rtp-sender.ts';
import type { RtpSocket } from './rtp-socket.ts';
import type { Playing, RtpTally } from './thread-messages.ts';

export interface SessionListener {
  key(key: string): void;
  firstPacket(): void;
  played(turn: number): void;
}

/** A call's sound, as its thread has it. */
export interface RtpSession {
  remote(remote: Remote, playing: Playing | null): void;
  play(playing: Playing): void;
  /** Sends one packet, if anything is to be sent. */
  frame(socket: Pick<RtpSocket, 'send'>): void;
  skip(frames: number): void;
  /** @param now ms on a monotonic clock. */
  take(datagram: Buffer, from: { readonly address: string; readonly port: number }, now: number): void;
  readonly tally: RtpTally;
}

export function rtpSession(seed: RtpSeed, listener: SessionListener): RtpSession {
  const sender = rtpSender(seed);
  const receiver = rtpReceiver(listener);
  const tally = { sent: 0, received: 0, dropped: 0, skipped: 0 };
  let remote: Remote | null = null;
  let turn = 0;

  function play(playing: Playing): void {
    turn = playing.turn;
    sender.playlist.play(playing.clips);
  }

  return {
    remote(next, playing) {
      remote = canonical(next);
      receiver.expect(remote);
      if (playing === null) return;
      if (playing.turn === turn) sender.playlist.recode(playing.clips);
      else play(playing);
    },
    play,
    frame(socket) {
      const to = receiver.to;
      if (remote === null || to === null || !remote.send || !reachable(to)) {
        sender.pass(1);
        return;
      }
      const ended = sender.next(remote.codec, remote.payloadType);
      socket.send(sender.packet, to.port, to.address);
      tally.sent += 1;
      if (ended) listener.played(turn);
    },
    skip(frames) {
      sender.pass(frames);
      if (remote?.send) tally.skipped += frames;
    },
    take(datagram, from, now) {
      if (receiver.take(datagram, from, now)) tally.received += 1;
      else tally.dropped += 1;
    },
    get tally() {
      return tally;
    },
  };
}

/** An address as the system writes it where packets come from: IPv6 has many spellings. */
function canonical(remote: Remote): Remote {
  try {
    const family = remote.address.includes(':') ? 'ipv6' : 'ipv4';
    return { ...remote, address: new SocketAddress({ address: remote.address, family }).address };
  } catch {
    // No literal: nothing will be sent there, and nothing comes from it.
    return remote;
  }
}

/**
 * Some far ends say "hold" by an address of zeros or a port of zero (RFC 3264 §8.4), and the system takes the zeros for itself. A port
 * that is none would end the thread, and with it every other call.
 */
function reachable({ address, port }: { readonly address: string; readonly port: number }): boolean {
  return Number.isInteger(port) && port > 0 && port <= 65_535 && address !== '0.0.0.0' && address !== '::';
}
