import { type Static, Type } from '@sinclair/typebox';
import { CODE_LENGTH, CODE_TTL } from '../../../otp/code-bounds.ts';
import { LONGEST_TEXT, LONGEST_VALUES } from '../../../otp/messages/text-faults.ts';
import { addressSchema, channelSchema, codeSchema, numberSchema } from './request-fields.ts';

const MOST_STEPS = 5;
/** How soon a step may follow the one before it, seconds: a message needs that long to arrive. */
export const SHORTEST_WAIT = 10;
export const DEFAULT_ATTEMPTS = 5;
export const DEFAULT_LENGTH = 6;
const MOST_METADATA = 20;
export const LONGEST_METADATA_KEY = 40;

const LANGUAGE = 'be a language by its BCP 47 tag, such as en or ne-NP';

function language(description: string) {
  return Type.Optional(
    Type.String({
      pattern: '^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$',
      ...{ description, examples: ['ne-NP'], must: LANGUAGE },
    }),
  );
}

function whole(minimum: number, maximum: number, description: string, what = 'a whole number') {
  return Type.Optional(
    Type.Integer({ minimum, maximum, description, must: `be ${what} from ${minimum} to ${maximum}` }),
  );
}

function text(maxLength: number, description: string, example: string, what = 'a text') {
  const must = `be ${what} of 1 to ${maxLength} characters`;
  return Type.Optional(Type.String({ minLength: 1, maxLength, description, examples: [example], must }));
}

const step = Type.Object(
  {
    channel: channelSchema,
    carrier: text(64, 'Who is asked first; left out: any.', 'acme', 'the name of a carrier or trunk'),
    wait: whole(0, CODE_TTL.most, 'Seconds after the step before it; none for the first.', 'whole seconds'),
  },
  { additionalProperties: false, must: 'be {"channel", "carrier", "wait"}' },
);

const voice = Type.Object(
  {
    language: language('Of the voice; left out: that of the words.'),
    gender: Type.Optional(Type.Union([Type.Literal('female'), Type.Literal('male')], { must: 'be female or male' })),
    name: text(64, 'Who speaks, in place of the other two: one of `/v1/voices`.', 'np_rija', 'the name of a voice'),
    replays: whole(0, 3, 'How often the callee may have it said again.'),
  },
  {
    additionalProperties: false,
    description: 'Who speaks a call.',
    must: 'be {"language", "gender", "name", "replays"}',
  },
);

const autofill = Type.Object(
  {
    domain: text(253, 'The site that the code is for (WebOTP).', 'shop.example.com', 'the host name of a site'),
    android_hash: text(64, 'The app that it is for (SMS Retriever).', 'FA+9qCX9VSu', 'the hash of an Android app'),
  },
  {
    additionalProperties: false,
    description: 'Has phones offer the code to whom it is for.',
    must: 'be {"domain", "android_hash"}',
  },
);

/** What begins a verification. What fields mean together is judged in `start-faults.ts`. */
export const startBody = Type.Object(
  {
    to: numberSchema,
    channel: Type.Optional({ ...channelSchema, description: 'How it is sent; `sms` unless said.' }),
    workflow: Type.Optional(
      Type.Array(step, {
        minItems: 1,
        maxItems: MOST_STEPS,
        description: 'In place of `channel`: one after the other, until the code is approved.',
        must: `be a list of 1 to ${MOST_STEPS} steps`,
      }),
    ),
    template: text(64, 'The account’s own words, by their name.', 'login', 'the name of a template'),
    text: text(LONGEST_TEXT, 'The words themselves, in place of a template.', '{code} is your code for {brand}.'),
    locale: language('What language the words are in; left out: that of `voice`, else of the number’s country.'),
    brand: text(LONGEST_VALUES.brand, 'Whose code it is: `{brand}`.', 'Acme'),
    code: Type.Optional({
      ...codeSchema,
      description: 'A code of one’s own; left out: one is drawn.',
      examples: ['049317'],
    }),
    code_length: whole(CODE_LENGTH.least, CODE_LENGTH.most, `Of a code that is drawn; ${DEFAULT_LENGTH} unless said.`),
    alphabet: Type.Optional(
      Type.Union([Type.Literal('digits'), Type.Literal('alphanumeric')], {
        description: 'Of a code that is drawn; `digits` unless said.',
        must: 'be digits or alphanumeric',
      }),
    ),
    ttl: whole(
      CODE_TTL.least,
      CODE_TTL.most,
      'How long the code lives, seconds; the account’s `ttl_seconds` (300 at first) unless said.',
      'whole seconds',
    ),
    max_attempts: whole(1, 10, `Wrong codes that end it; ${DEFAULT_ATTEMPTS} unless said.`),
    sender: text(16, 'Who messages are from: one of `/v1/senders`.', 'Acme', 'a sender of the account'),
    voice: Type.Optional(voice),
    autofill: Type.Optional(autofill),
    ip: Type.Optional({
      ...addressSchema,
      description: 'Whose browser or app it is for: counts in the account’s limits.',
      examples: ['203.0.113.7'],
    }),
    metadata: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 500, must: 'be a text of at most 500 characters' }), {
        maxProperties: MOST_METADATA,
        description: 'What the caller knows it by: shown again, and in callbacks.',
        examples: [{ order: '4711' }],
        must: `be an object of at most ${MOST_METADATA} texts`,
      }),
    ),
    callback_url: Type.Optional(
      Type.String({
        maxLength: 2048,
        description: 'Where it is told how this one ended, in place of the account’s own URL.',
        examples: ['https://shop.example.com/passbell'],
        must: 'be a URL of at most 2048 characters',
      }),
    ),
    amount: text(LONGEST_VALUES.amount, 'What is to be paid: `{amount}`.', 'Rs 500'),
    payee: text(LONGEST_VALUES.payee, 'Who is to be paid: `{payee}`.', 'Acme'),
  },
  { additionalProperties: false, must: 'be an object' },
);

export type StartBody = Static<typeof startBody>;

/** What was sound of a body, and how long its code lives, seconds: as it says, or as the account does. */
export type TimedBody = Partial<StartBody> & Required<Pick<StartBody, 'ttl'>>;
