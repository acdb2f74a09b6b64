import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { voiceNamed } from './voice/voices.ts';

/** A setting's value, or what is wrong with its text and how to mend it. */
export type Parsed = { readonly value: unknown } | { readonly fault: string };

export function parseListen(text: string): Parsed {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[A-Za-z0-9.-]*)):(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.['port']);
  if (!match?.groups || port > 65_535) {
    return { fault: `'${text}' is not an address: write host:port, as in 127.0.0.1:8080 or [::1]:8080` };
  }
  return { value: { host: match.groups['v6'] ?? (match.groups['host'] || '0.0.0.0'), port } };
}

export function parsePublicUrl(text: string): Parsed {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || url.username) {
    return {
      fault: `'${text}' is not a base URL: write https://host, with a path if there is one, and nothing after it`,
    };
  }
  return { value: url.href.replace(/\/+$/, '') };
}

export function parseProxies(text: string): Parsed {
  const proxies = text.split(',').map((one) => one.trim());
  const wrong = proxies.find((one) => !isProxy(one));
  if (wrong === undefined) return { value: proxies };
  return { fault: `'${wrong}' is neither an address nor a CIDR: write 10.0.0.1 or 10.0.0.0/8, separated by commas` };
}

function isProxy(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const width = isIP(address) === 4 ? 32 : 128;
  return (
    isIP(address) !== 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width))
  );
}

export function parsePath(text: string): Parsed {
  return text.trim() === '' ? { fault: 'the path is empty' } : { value: resolve(text) };
}

export function parseDatabaseUrl(text: string): Parsed {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // The text may hold a password: it is not repeated in the fault.
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    return { fault: 'not a PostgreSQL URL: write postgres://user:password@host:5432/database' };
  }
  return { value: text };
}

export function parseDrain(text: string): Parsed {
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0 || seconds > 300) {
    return { fault: `'${text}' is not a number of seconds from 0 to 300` };
  }
  return { value: seconds * 1000 };
}

export function parseSipAddress(text: string): Parsed {
  const addresses = text.split(',').map((one) => one.trim());
  const of = (family: 4 | 6) => addresses.filter((one) => isIP(one) === family);
  const [v4, v6] = [of(4), of(6)];
  if (v4.length > 1 || v6.length > 1 || v4.length + v6.length !== addresses.length) {
    return { fault: `'${text}' is not an IPv4 address, an IPv6 address, or one of each, separated by a comma` };
  }
  return { value: { v4: v4[0] ?? null, v6: v6[0] ?? null } };
}

/** Fewer would be one call at a time. */
const FEWEST_PORTS = 4;

export function parsePorts(text: string): Parsed {
  if (text === 'any') return { value: 'any' };
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(text.trim());
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || first < 1024 || last > 65_535 || last - first < FEWEST_PORTS - 1) {
    return {
      fault: `'${text}' is not a range of ports: write first-last, from 1024 to 65535, as in 16384-32767, or any`,
    };
  }
  return { value: { first, last } };
}

export function parseModels(text: string): Parsed {
  const models: Record<string, string> = {};
  for (const entry of text.split(',').map((one) => one.trim())) {
    const [voice = '', path = ''] = entry.split(/=(.*)/s);
    if (voiceNamed(voice) === null || path.trim() === '') {
      return { fault: `'${entry}' is not voice=path, with the name of a voice, such as np_rija=/models/ne_NP.onnx` };
    }
    models[voice] = resolve(path.trim());
  }
  return { value: models };
}
