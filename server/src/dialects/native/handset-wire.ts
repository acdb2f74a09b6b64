import { Type } from '@sinclair/typebox';
import type { Caller } from '../../accounts/caller.ts';
import { PassbellError } from '../../errors.ts';
import { autofillOf } from '../../handset/autofill.ts';
import type { HandsetMessage } from '../../handset/message.ts';
import type { CountryCode } from '../../values/country.ts';
import { parsePhoneNumber } from '../../values/phone-number.ts';
import { answerObject, idAfter, idField, numberField, orNull, timeField } from './field-schemas.ts';
import { pageFields } from './page.ts';
import { reader, readsGiven } from './reads.ts';

const PREFIX = 'msg_';

/** Whose phone it is, however they showed it. */
export type Owner = Pick<Caller, 'account'>;

export const messageSchema = answerObject('HandsetMessage', {
  id: idField(PREFIX, 'a message'),
  to: numberField,
  from: orNull(Type.String(), { description: 'The sender that the phone shows.' }),
  text: Type.String({ description: 'As the phone shows it, its parts joined.' }),
  segments: Type.Integer({ minimum: 1, description: 'SMS that it took.' }),
  encoding: Type.Union([Type.Literal('gsm7'), Type.Literal('ucs2')]),
  data_coding: Type.Union([Type.Literal(0), Type.Literal(8)], { description: 'As in a submit_sm.' }),
  parts: Type.Array(Type.String({ pattern: '^([0-9a-f]{2})*$' }), {
    description: 'Each part’s octets on the air, user data header included, in hex.',
  }),
  received_at: timeField('When the phone had it.'),
  autofill: orNull(
    answerObject('Autofill', {
      domain: orNull(Type.String(), { description: 'The site that alone is offered the code.' }),
      android_hash: orNull(Type.String(), { description: 'The app that alone is given the message.' }),
      code: orNull(Type.String(), { description: 'What is filled in; of an app null: it finds the code in the text.' }),
    }),
    { description: 'What the phone would fill in by itself, and where: on a site or in an app.' },
  ),
});

/** A message as the API shows it. */
export function messageJson(message: HandsetMessage) {
  const offer = autofillOf(message.text);
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
    autofill: offer && { domain: offer.domain, android_hash: offer.androidHash, code: offer.code },
  };
}

const to = Type.Optional(
  Type.String({
    maxLength: 64,
    description: 'A phone number; without a country code it is one of the account’s country. Left out: any.',
    examples: ['+9779851023212'],
    must: 'be a phone number',
  }),
);

const readList = readsGiven(Type.Object({ to, limit: pageFields.limit }, { additionalProperties: false }));

/** @throws PassbellError `invalid_request`. */
export const listQuery = reader(readList.schema, (query: unknown, { account }: Owner) => {
  const { to, limit = '20' } = readList(query);
  return { to: phoneNumber(to, account.country), limit: Number(limit) };
});

/** A reader of the query of `next`, for ids that begin with `prefix`; it throws PassbellError `invalid_request`. */
export function nextQueries(prefix: string, what: string) {
  const after = { ...idField(prefix, `a ${what}`), description: `The id of a ${what}: the one after it is awaited.` };
  const wait = Type.String({
    pattern: '^([1-5]?[0-9]|60)$',
    description: 'How long to wait, whole seconds from 0 to 60; 30 unless said.',
    examples: ['30'],
    must: 'be whole seconds from 0 to 60',
  });
  const readNext = readsGiven(
    Type.Object({ to, after: Type.Optional(after), wait: Type.Optional(wait) }, { additionalProperties: false }),
  );
  return reader(readNext.schema, (query: unknown, { account }: Owner) => {
    const { to, after, wait = '30' } = readNext(query);
    return { to: phoneNumber(to, account.country), after: idAfter(prefix, after), waitMs: Number(wait) * 1000 };
  });
}

export const nextQuery = nextQueries(PREFIX, 'message');

/** The number of a query, in E.164; null: any. @throws {PassbellError} `invalid_request`. */
export function phoneNumber(text: string | undefined, country: CountryCode): string | null {
  if (text === undefined) return null;
  // A plus that was not escaped in the URL arrives as a space.
  const parsed = parsePhoneNumber(text.replace(/^ (?=\d)/, '+'), country);
  if (parsed.ok) return parsed.number.e164;
  throw new PassbellError('invalid_request', { faults: [{ field: 'to', message: parsed.reason }] });
}
