import { type Fault, PassbellError } from '../../errors.ts';
import type { HandsetMessage } from '../../handset/message.ts';
import type { CountryCode } from '../../values/country.ts';
import { parsePhoneNumber } from '../../values/phone-number.ts';

const PREFIX = 'msg_';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A message as the API shows it. */
export function messageJson(message: HandsetMessage) {
  return {
    id: PREFIX + message.id,
    to: message.to,
    from: message.from,
    text: message.text,
    segments: message.segments,
    encoding: message.encoding,
    data_coding: message.dataCoding,
    parts: message.parts,
    received_at: new Date(message.receivedAt).toISOString(),
    autofill: null,
  };
}

/** The id behind `msg_…`; null when the text is no such id. */
export function messageId(text: string): string | null {
  const id = text.slice(PREFIX.length);
  return text.startsWith(PREFIX) && UUID.test(id) ? id : null;
}

export interface HandsetQuery {
  readonly to: string | null;
  readonly after: string | null;
  readonly limit: number;
  readonly waitMs: number;
}

/**
 * Reads the query of a handset path, in which only the fields `allowed` may stand; an empty one counts as absent.
 * @throws PassbellError `invalid_request` with every fault at once.
 */
export function handsetQuery(
  query: unknown,
  allowed: readonly ('to' | 'after' | 'limit' | 'wait')[],
  country: CountryCode,
): HandsetQuery {
  const faults: Fault[] = [];
  const given = new Map<string, string>();
  for (const [field, value] of Object.entries(query as Record<string, unknown>)) {
    if (!allowed.some((name) => name === field))
      faults.push({ field, message: `is not known here; known are: ${allowed.join(', ')}` });
    else if (typeof value !== 'string') faults.push({ field, message: 'must be given once' });
    else if (value !== '') given.set(field, value);
  }

  function whole(field: string, least: number, most: number, preset: number): number {
    const text = given.get(field);
    if (text === undefined) return preset;
    if (/^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    faults.push({ field, message: `must be a whole number from ${least} to ${most}` });
    return preset;
  }

  function number(): string | null {
    const text = given.get('to');
    if (text === undefined) return null;
    // A plus that was not escaped in the URL arrives as a space.
    const parsed = parsePhoneNumber(text.replace(/^ (?=\d)/, '+'), country);
    if (parsed.ok) return parsed.number.e164;
    faults.push({ field: 'to', message: parsed.reason });
    return null;
  }

  function cursor(): string | null {
    const text = given.get('after');
    const id = text === undefined ? null : messageId(text);
    if (text !== undefined && id === null)
      faults.push({ field: 'after', message: 'must be the id of a message: msg_…' });
    return id;
  }

  const read = {
    to: number(),
    after: cursor(),
    limit: whole('limit', 1, 100, 20),
    waitMs: whole('wait', 0, 60, 30) * 1000,
  };
  if (faults.length > 0) throw new PassbellError('invalid_request', { faults });
  return read;
}
