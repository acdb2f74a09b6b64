import { isIP } from 'node:net';
import type { G711 } from '../../../audio/clip.ts';
import type { Remote } from '../../rtp/media.ts';
import type { MediaDescription } from './session-description.ts';

/** RFC 3551 §6. */
export const STATIC_TYPES: Readonly<Record<G711, number>> = { pcma: 8, pcmu: 0 };
const ENCODINGS: ReadonlyMap<string, G711> = new Map([
  ['PCMA/8000', 'pcma'],
  ['PCMU/8000', 'pcmu'],
]);
/** RFC 4733 §2.4.1. */
export const EVENTS = 'telephone-event/8000';

/**
 * Where and how to send to the far end, by its description; null where no call of ours can be had with it.
 * @param codecs ours. The far end's order decides: it knows what it likes to hear (RFC 3264 §7).
 * @param family of our own address: one socket does not reach the other kind.
 */
export function remoteOf(media: MediaDescription, codecs: readonly G711[], family: number): Remote | null {
  const { kind, port, protocol, address, formats, encodings, direction } = media;
  if (kind !== 'audio' || protocol !== 'RTP/AVP' || port === 0) return null;
  if (address === null || isIP(address) !== family) return null;
  const found = formats.map((format) => ({ format, codec: codecOf(format, encodings) }));
  const chosen = found.find(({ codec }) => codec !== null && codecs.includes(codec));
  if (chosen === undefined || chosen.codec === null) return null;
  const events = formats.find((format) => encodings.get(format) === EVENTS.toUpperCase());
  // An unspecified address is how phones held before RFC 3264 (§8.4).
  const hears = (direction === 'sendrecv' || direction === 'recvonly') && !isUnspecified(address);
  return {
    ...{ address, port, codec: chosen.codec },
    payloadType: Number(chosen.format),
    eventPayloadType: events === undefined ? null : Number(events),
    send: hears,
  };
}

function codecOf(format: string, encodings: MediaDescription['encodings']): G711 | null {
  const encoding = encodings.get(format);
  if (encoding !== undefined) return ENCODINGS.get(encoding) ?? null;
  return format === '8' ? 'pcma' : format === '0' ? 'pcmu' : null;
}

function isUnspecified(address: string): boolean {
  return /^[0:.]+$/.test(address);
}
