import { type Static, Type } from '@sinclair/typebox';
import { LONGEST_TEXT } from '../../../otp/messages/text-faults.ts';
import { addressSchema, channelSchema, codeSchema, numberSchema } from './request-fields.ts';

export const MOST_STEPS = 5;
/** How soon a step may follow the one before it, seconds: a message needs that long to arrive. */
export const SHORTEST_WAIT = 10;
export const DEFAULT_TTL = 300;
export const DEFAULT_ATTEMPTS = 5;
export const DEFAULT_LENGTH = 6;
export const MOST_METADATA = 20;
export const LONGEST_METADATA_KEY = 40;

const LANGUAGE = 'be a language by its BCP 47 tag, such as en or ne-NP';
const language = Type.String({ pattern: '^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$', must: LANGUAGE });

function whole(minimum: number, maximum: number, what = 'a whole number') {
  return Type.Integer({ minimum, maximum, must: `be ${what} from ${minimum} to ${maximum}` });
}

function text(maxLength: number, what = 'a text') {
  return Type.String({ minLength: 1, maxLength, must: `be ${what} of 1 to ${maxLength} characters` });
}

const step = Type.Object(
  {
    channel: channelSchema,
    carrier: Type.Optional(text(64, 'the name of a carrier or trunk')),
    wait: Type.Optional(whole(0, 86_400, 'whole seconds')),
  },
  { additionalProperties: false, must: 'be {"channel", "carrier", "wait"}' },
);

const voice = Type.Object(
  {
    language: Type.Optional(language),
    gender: Type.Optional(Type.Union([Type.Literal('female'), Type.Literal('male')], { must: 'be female or male' })),
    name: Type.Optional(text(64, 'the name of a voice')),
    replays: Type.Optional(whole(0, 3)),
  },
  { additionalProperties: false, must: 'be {"language", "gender", "name", "replays"}' },
);

const autofill = Type.Object(
  {
    domain: Type.Optional(text(253, 'the host name of a site')),
    android_hash: Type.Optional(text(64, 'the hash of an Android app')),
  },
  { additionalProperties: false, must: 'be {"domain", "android_hash"}' },
);

/** What begins a verification. What fields mean together is judged in `start-faults.ts`. */
export const startBody = Type.Object(
  {
    to: numberSchema,
    channel: Type.Optional(channelSchema),
    workflow: Type.Optional(
      Type.Array(step, { minItems: 1, maxItems: MOST_STEPS, must: `be a list of 1 to ${MOST_STEPS} steps` }),
    ),
    template: Type.Optional(text(64, 'the name of a template')),
    text: Type.Optional(text(LONGEST_TEXT)),
    locale: Type.Optional(language),
    brand: Type.Optional(text(40)),
    code: Type.Optional(codeSchema),
    code_length: Type.Optional(whole(4, 10)),
    alphabet: Type.Optional(
      Type.Union([Type.Literal('digits'), Type.Literal('alphanumeric')], { must: 'be digits or alphanumeric' }),
    ),
    ttl: Type.Optional(whole(60, 86_400, 'whole seconds')),
    max_attempts: Type.Optional(whole(1, 10)),
    sender: Type.Optional(text(16, 'a sender of the account')),
    voice: Type.Optional(voice),
    autofill: Type.Optional(autofill),
    ip: Type.Optional(addressSchema),
    metadata: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 500, must: 'be a text of at most 500 characters' }), {
        maxProperties: MOST_METADATA,
        must: `be an object of at most ${MOST_METADATA} texts`,
      }),
    ),
    callback_url: Type.Optional(Type.String({ maxLength: 2048, must: 'be a URL' })),
    amount: Type.Optional(text(30)),
    payee: Type.Optional(text(60)),
  },
  { additionalProperties: false, must: 'be an object' },
);

export type StartBody = Static<typeof startBody>;
