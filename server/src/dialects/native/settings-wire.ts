import { type Static, Type } from '@sinclair/typebox';
import { isSupportedCountry } from 'libphonenumber-js/max';
import { isSender } from '../../accounts/sender.ts';
import type { AllowList } from '../../callbacks/allow-list.ts';
import { parseCallbackUrl } from '../../callbacks/callback-url.ts';
import type { Fault } from '../../errors.ts';
import type { AccountSettings } from '../../rules/account-settings.ts';
import type { LimitRule } from '../../rules/gcra.ts';
import { VOICES } from '../../voice/voices.ts';

const VOICE_NAME = /^[a-z]{2}_[a-z0-9_]{1,30}$/;
/** Those of `/v1/voices` that TingTing’s clients know by a name of this form. */
const VOICE_NAMES: readonly string[] = VOICES.map(({ name }) => name).filter((name) => VOICE_NAME.test(name));
const VOICE = `be one of ${VOICE_NAMES.join(', ')}`;
const SENDER = 'be up to 11 letters and digits, a number in E.164, or a short code';
export const MOST_SENDERS = 100;

export const senderSchema = Type.String({
  minLength: 1,
  maxLength: 16,
  description: 'A name of letters and digits, a number in E.164, or a short code.',
  examples: ['Acme'],
  must: SENDER,
});

const limit = Type.Object(
  {
    count: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'Sends within a period.',
      examples: [5],
      must: 'be a whole number from 1 to 1000000',
    }),
    period_seconds: Type.Integer({
      minimum: 1,
      maximum: 2_678_400,
      description: 'Seconds.',
      examples: [3600],
      must: 'be a whole number from 1 to 2678400 (31 days)',
    }),
  },
  { $id: 'Limit', additionalProperties: false, must: 'be {"count", "period_seconds"}' },
);
const limits = (what: string) =>
  Type.Optional(
    Type.Array(limit, {
      maxItems: 10,
      description: `Limits for ${what}; all of them hold. Empty: none.`,
      must: 'be a list of at most 10 limits',
    }),
  );

/** What a request may change of the settings; an absent field stays as it is. */
export const settingsSchema = Type.Object(
  {
    require_company_name: Type.Optional(
      Type.Boolean({ description: 'TingTing’s rule that `company_name` is there.', must: 'be true or false' }),
    ),
    sender: Type.Optional(
      Type.Union([senderSchema, Type.Null()], {
        description: 'Who messages are from that name no sender; null: the carrier’s own.',
        must: `be null, or ${SENDER}`,
      }),
    ),
    senders: Type.Optional(
      Type.Array(senderSchema, {
        maxItems: MOST_SENDERS,
        uniqueItems: true,
        description: 'What requests may name.',
        must: `be a list of at most ${MOST_SENDERS} different senders`,
      }),
    ),
    default_voice: Type.Optional(
      Type.String({
        pattern: VOICE_NAME.source,
        description: 'Who speaks in calls of TingTing’s old path that name no voice.',
        examples: ['np_rija'],
        must: VOICE,
      }),
    ),
    reveal_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_592_000,
        description: 'How long a code may be shown again in TingTing’s lists, seconds.',
        must: 'be a whole number from 0 to 2592000 (30 days)',
      }),
    ),
    ttl_seconds: Type.Optional(
      Type.Integer({
        minimum: 30,
        maximum: 86_400,
        description: 'How long a code lives where the request does not say, seconds; Octopush’s API has its own.',
        must: 'be a whole number from 30 to 86400 (1 day)',
      }),
    ),
    number_limits: limits('one destination number'),
    address_limits: limits('one address of an end user'),
    country_limits: limits('one country over one channel'),
    account_limits: limits('the whole account'),
    callback_url: Type.Optional(
      Type.Union([Type.Null(), Type.String({ maxLength: 2048 })], {
        description: 'Where the account is told of what ended; null: nowhere.',
        examples: ['https://example.com/passbell'],
        must: 'be null, or a URL of at most 2048 characters',
      }),
    ),
    countries: Type.Optional(
      Type.Union([Type.Null(), Type.Array(Type.String({ maxLength: 2 }), { maxItems: 300, uniqueItems: true })], {
        description: 'Where may be sent to, ISO 3166-1 alpha-2; null: the own country; `["*"]`: anywhere.',
        examples: [['NP', 'IN']],
        must: 'be null (the own country), ["*"] (all), or a list of different country codes',
      }),
    ),
  },
  { additionalProperties: false, must: 'be an object' },
);
export type SettingsJson = Static<typeof settingsSchema>;

/** All of them, as an answer. */
export const settingsAnswer = Type.Required(settingsSchema, { $id: 'Settings' });

export function settingsJson(settings: AccountSettings): Required<SettingsJson> {
  return {
    require_company_name: settings.requireCompanyName,
    sender: settings.sender,
    senders: [...settings.senders],
    default_voice: settings.defaultVoice,
    reveal_seconds: settings.revealSeconds,
    ttl_seconds: settings.ttlSeconds,
    number_limits: settings.numberLimits.map(ruleJson),
    address_limits: settings.addressLimits.map(ruleJson),
    country_limits: settings.countryLimits.map(ruleJson),
    account_limits: settings.accountLimits.map(ruleJson),
    callback_url: settings.callbackUrl,
    countries: settings.countries === null ? null : [...settings.countries],
  };
}

/** Senders, voices, countries and callback URLs that there cannot be. `at` goes before the names of the fields. */
export function settingsFaults(json: SettingsJson, allow: AllowList, at = ''): Fault[] {
  const faults = [...senderFaults(json), ...voiceFaults(json), ...countryFaults(json), ...callbackFaults(json, allow)];
  return faults.map(({ field, message }) => ({ field: at + field, message }));
}

export function settingsPatch(json: SettingsJson): Partial<AccountSettings> {
  return {
    ...(json.require_company_name !== undefined && { requireCompanyName: json.require_company_name }),
    ...(json.sender !== undefined && { sender: json.sender }),
    ...(json.senders !== undefined && { senders: json.senders }),
    ...(json.default_voice !== undefined && { defaultVoice: json.default_voice }),
    ...(json.reveal_seconds !== undefined && { revealSeconds: json.reveal_seconds }),
    ...(json.ttl_seconds !== undefined && { ttlSeconds: json.ttl_seconds }),
    ...(json.number_limits !== undefined && { numberLimits: json.number_limits.map(limitRule) }),
    ...(json.address_limits !== undefined && { addressLimits: json.address_limits.map(limitRule) }),
    ...(json.country_limits !== undefined && { countryLimits: json.country_limits.map(limitRule) }),
    ...(json.account_limits !== undefined && { accountLimits: json.account_limits.map(limitRule) }),
    ...(json.callback_url !== undefined && { callbackUrl: json.callback_url }),
    ...(json.countries !== undefined && { countries: json.countries }),
  };
}

function senderFaults({ sender, senders = [] }: SettingsJson): Fault[] {
  const named: [string, string | null | undefined][] = [
    ['sender', sender],
    ...senders.map((text, i): [string, string] => [`senders.${i}`, text]),
  ];
  return named
    .filter(([, text]) => typeof text === 'string' && !isSender(text))
    .map(([field]) => ({ field, message: `must ${SENDER}` }));
}

function voiceFaults({ default_voice: name }: SettingsJson): Fault[] {
  if (name === undefined || VOICE_NAMES.includes(name)) return [];
  return [{ field: 'default_voice', message: `must ${VOICE}` }];
}

function countryFaults({ countries }: SettingsJson): Fault[] {
  if (countries === undefined || countries === null || countries.join() === '*') return [];
  return countries.flatMap((country, i) =>
    /^[A-Z]{2}$/.test(country) && isSupportedCountry(country)
      ? []
      : [{ field: `countries.${i}`, message: 'must be a country by its two letters (ISO 3166-1), such as NP' }],
  );
}

function callbackFaults({ callback_url: url }: SettingsJson, allow: AllowList): Fault[] {
  if (url === undefined || url === null) return [];
  const read = parseCallbackUrl(url, allow);
  return 'fault' in read ? [{ field: 'callback_url', message: read.fault }] : [];
}

function ruleJson({ count, periodMs }: LimitRule) {
  return { count, period_seconds: Math.round(periodMs / 1000) };
}

function limitRule({ count, period_seconds }: { count: number; period_seconds: number }): LimitRule {
  return { count, periodMs: period_seconds * 1000 };
}
