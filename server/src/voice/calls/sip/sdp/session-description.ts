import { isIP } from 'node:net';

/** Which way sound goes, from the side of whoever wrote the description (RFC 4566 §6). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** One `m=` line and what belongs to it. */
export interface MediaDescription {
  /** `audio`, `video`, … : a token, safe to write again. */
  readonly kind: string;
  /** 0: refused. */
  readonly port: number;
  /** `RTP/AVP`, …: a token. */
  readonly protocol: string;
  /** Tokens; for RTP, payload types. */
  readonly formats: readonly string[];
  /** An IP literal; null: none that can be used. */
  readonly address: string | null;
  readonly direction: Direction;
  /** By format: `PCMA/8000`, in upper case. */
  readonly encodings: ReadonlyMap<string, string>;
}

/** What does not fit in this was not written by an honest phone. */
const MAX_OCTETS = 16_384;
const MAX_MEDIA = 16;
const MAX_FORMATS = 64;

const TOKEN = /^[\w!#$%&'*+.^`{|}~/-]{1,32}$/;
const DIRECTIONS: readonly string[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] satisfies readonly Direction[];

/** The media of a session description (RFC 4566); null where it is none. Lines that mean nothing here are passed over. */
export function readSdp(octets: Uint8Array): readonly MediaDescription[] | null {
  if (octets.length > MAX_OCTETS) return null;
  const lines = Buffer.from(octets.buffer, octets.byteOffset, octets.length)
    .toString('latin1')
    .split(/\r\n|\n|\r/);
  if (lines[0]?.trimEnd() !== 'v=0') return null;
  const sections: string[][] = [[]];
  for (const line of lines) {
    if (line.startsWith('m=')) sections.push([]);
    sections.at(-1)?.push(line);
  }
  const [session = [], ...media] = sections;
  if (media.length > MAX_MEDIA) return null;
  const read = media.map((section) => readMedia(section, session));
  return read.some((one) => one === null) ? null : (read as MediaDescription[]);
}

function readMedia(section: readonly string[], session: readonly string[]): MediaDescription | null {
  const [kind = '', portText = '', protocol = '', ...formats] = (section[0] ?? '').slice(2).trim().split(/ +/);
  const port = /^(\d{1,5})(\/\d+)?$/.exec(portText)?.[1];
  if (port === undefined || Number(port) > 65_535) return null;
  if (formats.length === 0 || formats.length > MAX_FORMATS) return null;
  if (![kind, protocol, ...formats].every((word) => TOKEN.test(word))) return null;
  return {
    ...{ kind, protocol, formats, port: Number(port) },
    address: connection(section) ?? connection(session),
    direction: direction(section) ?? direction(session) ?? 'sendrecv',
    encodings: encodings(section),
  };
}

/** Of `c=IN IP4 192.0.2.1`, the address. A name is not looked up: no phone sends one. */
function connection(lines: readonly string[]): string | null {
  const line = lines.find((one) => one.startsWith('c='));
  const [, family, address] = /^c=IN IP([46]) ([0-9a-f:.]+)\s*$/i.exec(line ?? '') ?? [];
  return address !== undefined && isIP(address) === Number(family) ? address : null;
}

function direction(lines: readonly string[]): Direction | null {
  for (const line of lines) {
    const name = line.startsWith('a=') ? line.slice(2).trimEnd() : '';
    if (DIRECTIONS.includes(name)) return name as Direction;
  }
  return null;
}

function encodings(lines: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const [, format, encoding] = /^a=rtpmap:(\d{1,3}) ([\w.-]+\/\d+)(?:\/1)?\s*$/.exec(line) ?? [];
    if (format !== undefined && encoding !== undefined) found.set(format, encoding.toUpperCase());
  }
  return found;
}
