import { Type } from '@sinclair/typebox';
import { PassbellError } from '../../errors.ts';
import type { HandsetMessage } from '../../handset/message.ts';
import type { CountryCode } from '../../values/country.ts';
import { parsePhoneNumber } from '../../values/phone-number.ts';
import { reads } from './reads.ts';

const PREFIX = 'msg_';
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

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

/** The id behind a prefix, as in `msg_…`; null when there is none, or the text is no such id. */
export function idAfter(prefix: string, text: string | undefined): string | null {
  return text !== undefined && new RegExp(`^${prefix}${UUID}$`).test(text) ? text.slice(prefix.length) : null;
}

const to = Type.Optional(Type.String({ maxLength: 64, must: 'be a phone number' }));

const readList = reads(
  Type.Object(
    {
      to,
      limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|100)$', must: 'be a whole number from 1 to 100' })),
    },
    { additionalProperties: false },
  ),
);

/** @throws PassbellError `invalid_request`. */
export function listQuery(query: unknown, country: CountryCode) {
  const { to, limit = '20' } = readList(given(query));
  return { to: phoneNumber(to, country), limit: Number(limit) };
}

/** A reader of the query of `next`, for ids that begin with `prefix`; it throws PassbellError `invalid_request`. */
export function nextQueries(prefix: string, what: string) {
  const readNext = reads(
    Type.Object(
      {
        to,
        after: Type.Optional(
          Type.String({ pattern: `^${prefix}${UUID}$`, must: `be the id of a ${what}, ${prefix}…` }),
        ),
        wait: Type.Optional(Type.String({ pattern: '^([1-5]?[0-9]|60)$', must: 'be whole seconds from 0 to 60' })),
      },
      { additionalProperties: false },
    ),
  );
  return (query: unknown, country: CountryCode) => {
    const { to, after, wait = '30' } = readNext(given(query));
    return { to: phoneNumber(to, country), after: idAfter(prefix, after), waitMs: Number(wait) * 1000 };
  };
}

export const nextQuery = nextQueries(PREFIX, 'message');

/** The fields that were filled in: `?to=&limit=5` asks for any number. */
function given(query: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query as Record<string, unknown>).filter(([, value]) => value !== ''));
}

function phoneNumber(text: string | undefined, country: CountryCode): string | null {
  if (text === undefined) return null;
  // A plus that was not escaped in the URL arrives as a space.
  const parsed = parsePhoneNumber(text.replace(/^ (?=\d)/, '+'), country);
  if (parsed.ok) return parsed.number.e164;
  throw new PassbellError('invalid_request', { faults: [{ field: 'to', message: parsed.reason }] });
}
