import { isIP } from 'node:net';
import type { G711 } from '../../../audio/clip.ts';
import type { Remote } from '../../rtp/media.ts';
import type { Local } from '../transport/target.ts';
import { EVENTS, remoteOf, STATIC_TYPES } from './audio.ts';
import { type Direction, type MediaDescription, readSdp } from './session-description.ts';

/** Ours of telephone-event: the number that nearly everybody uses, so that trunks that assume it are right. */
const EVENT_TYPE = 101;

export interface OwnSession {
  /** What we offer: in an INVITE, or in the answer to one that offers nothing. */
  offer(): Buffer;
  /** The far end's answer to our offer; null where we cannot talk. */
  readAnswer(octets: Uint8Array): Remote | null;
  /** The far end's offer, and our answer to it; null where we cannot talk (488). */
  answer(octets: Uint8Array): { readonly remote: Remote; readonly body: Buffer } | null;
}

const ANSWERED: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/**
 * Our side of a session, in SDP (RFC 4566, RFC 3264): one stream of sound.
 * @param at our address and RTP port, as the far end reaches them.
 * @param id the session's, a number.
 */
export function ownSession(at: Local, codecs: readonly G711[], id: number): OwnSession {
  const family = isIP(at.host);
  const connection = `IN IP${family} ${at.host}`;
  let version = 0;
  let last = '';

  function description(media: string): Buffer {
    // RFC 3264 §8: the version counts up when the description changes, and only then.
    if (media !== last) version += 1;
    last = media;
    const head = `v=0\r\no=- ${id} ${version} ${connection}\r\ns=-\r\nc=${connection}\r\nt=0 0\r\n`;
    return Buffer.from(head + media, 'latin1');
  }

  function audio(types: readonly (readonly [number, G711])[], events: number | null, direction: Direction): string {
    const formats = [...types.map(([type]) => type), ...(events === null ? [] : [events])].join(' ');
    const maps = types.map(([type, codec]) => `a=rtpmap:${type} ${codec.toUpperCase()}/8000\r\n`).join('');
    // 0–15: the keys 0–9, *, #, A–D (RFC 4733 §3.2).
    const keys = events === null ? '' : `a=rtpmap:${events} ${EVENTS}\r\na=fmtp:${events} 0-15\r\n`;
    return `m=audio ${at.port} RTP/AVP ${formats}\r\n${maps}${keys}a=ptime:20\r\na=${direction}\r\n`;
  }

  function answerTo(offered: MediaDescription, remote: Remote | null): string {
    // Every line of an offer has one in the answer; port 0 refuses it (RFC 3264 §6).
    if (remote === null) return `m=${offered.kind} 0 ${offered.protocol} ${offered.formats.join(' ')}\r\n`;
    return audio([[remote.payloadType, remote.codec]], remote.eventPayloadType, ANSWERED[offered.direction]);
  }

  return {
    offer: () =>
      description(
        audio(
          codecs.map((codec) => [STATIC_TYPES[codec], codec]),
          EVENT_TYPE,
          'sendrecv',
        ),
      ),

    readAnswer(octets) {
      const [media] = readSdp(octets) ?? [];
      return media === undefined ? null : remoteOf(media, codecs, family);
    },

    answer(octets) {
      const offered = readSdp(octets);
      if (offered === null) return null;
      const remotes = offered.map((media) => remoteOf(media, codecs, family));
      const chosen = remotes.findIndex((remote) => remote !== null);
      const remote = remotes[chosen] ?? null;
      if (remote === null) return null;
      const lines = offered.map((media, at) => answerTo(media, at === chosen ? remote : null));
      return { remote, body: description(lines.join('')) };
    },
  };
}
