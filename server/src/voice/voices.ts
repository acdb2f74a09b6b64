import type { Voice } from './speech/speech-engine.ts';

/** A voice that can be asked for. */
export interface VoiceEntry extends Omit<Voice, 'volume'> {
  /** From 1 up, within a locale and gender. */
  readonly number: number;
  readonly displayName: string;
}

interface EspeakVoice {
  /** espeak-ng's own name, with a variant. */
  readonly voice: string;
  /** Words a minute: slower than its 175, for a telephone and a pencil. */
  readonly rate: number;
  /** 0 … 99. */
  readonly pitch: number;
}

interface Row extends VoiceEntry {
  readonly espeak: EspeakVoice;
}

// `en-gb` and `fr-fr` are listed by espeak-ng, but it has no such voices: `en` and `fr` are those.
const LANGUAGES: readonly { readonly locale: string; readonly name: string; readonly espeak: string }[] = [
  { locale: 'en-GB', name: 'English (United Kingdom)', espeak: 'en' },
  { locale: 'en-US', name: 'English (United States)', espeak: 'en-us' },
  { locale: 'de-DE', name: 'German', espeak: 'de' },
  { locale: 'el-GR', name: 'Greek', espeak: 'el' },
  { locale: 'es-ES', name: 'Spanish (Spain)', espeak: 'es' },
  { locale: 'es-LA', name: 'Spanish (Latin America)', espeak: 'es-419' },
  { locale: 'fr-FR', name: 'French', espeak: 'fr' },
  { locale: 'hu-HU', name: 'Hungarian', espeak: 'hu' },
  { locale: 'it-IT', name: 'Italian', espeak: 'it' },
  { locale: 'nl-NL', name: 'Dutch', espeak: 'nl' },
  { locale: 'pl-PL', name: 'Polish', espeak: 'pl' },
  { locale: 'pt-BR', name: 'Portuguese (Brazil)', espeak: 'pt-br' },
  { locale: 'ru-RU', name: 'Russian', espeak: 'ru' },
  { locale: 'sv-SE', name: 'Swedish', espeak: 'sv' },
  { locale: 'ne-NP', name: 'Nepali', espeak: 'ne' },
];

const RATE = 150;

// Two of each gender, told apart by their pitch: measured at about 200, 165, 105 and 80 Hz.
const SPEAKERS = [
  { gender: 'female', number: 1, variant: 'f2', pitch: 50 },
  { gender: 'female', number: 2, variant: 'f4', pitch: 35 },
  { gender: 'male', number: 1, variant: 'm3', pitch: 50 },
  { gender: 'male', number: 2, variant: 'm1', pitch: 30 },
] as const;

/** TingTing's voices, in the order of `SPEAKERS`. */
const NEPALI = [
  { name: 'np_rija', displayName: 'Rija' },
  { name: 'np_shreegya', displayName: 'Shreegya' },
  { name: 'np_prashanna', displayName: 'Prashanna' },
  { name: 'np_binod', displayName: 'Binod' },
] as const;

const ROWS: readonly Row[] = LANGUAGES.flatMap(({ locale, name, espeak }) =>
  SPEAKERS.map(({ gender, number, variant, pitch }, i): Row => {
    const nepali = locale === 'ne-NP' ? NEPALI[i] : undefined;
    return {
      name: nepali?.name ?? `${locale}/${gender}/${number}`,
      locale,
      gender,
      number,
      displayName: nepali?.displayName ?? `${name}, ${gender} ${number}`,
      espeak: { voice: `${espeak}+${variant}`, rate: RATE, pitch },
    };
  }),
);

const BY_NAME: ReadonlyMap<string, Row> = new Map(ROWS.map((row) => [row.name, row]));

/** Every voice, by language, women first. */
export const VOICES: readonly VoiceEntry[] = ROWS.map(({ espeak: _, ...entry }) => entry);

/** Names of the languages, by locale: what can be spoken. */
export const VOICE_LANGUAGES: ReadonlyMap<string, string> = new Map(
  LANGUAGES.map(({ locale, name }) => [locale, name]),
);

/** A voice by its name, at its own loudness; null: there is none. */
export function voiceNamed(name: string): Voice | null {
  const row = BY_NAME.get(name);
  return row ? voiceOf(row, 0) : null;
}

/** How espeak-ng speaks a voice; null: the name is unknown. */
export function espeakVoice(name: string): EspeakVoice | null {
  return BY_NAME.get(name)?.espeak ?? null;
}

export interface VoiceWish {
  /** BCP 47, in any case, with `-` or `_`; left out: `en-GB`. */
  readonly language?: string | null;
  /** Left out: female. */
  readonly gender?: 'female' | 'male' | null;
  /** Left out: 1. */
  readonly number?: number | null;
  /** −4 … 4; cut to that. Left out: 0. */
  readonly volume?: number | null;
}

/** Where a region without a voice of its own is near another than its language's first. */
const NEAR: ReadonlyMap<string, string> = new Map([
  ['en-CA', 'en-US'],
  ['en-PH', 'en-US'],
  ...[
    '419',
    'AR',
    'BO',
    'CL',
    'CO',
    'CR',
    'CU',
    'DO',
    'EC',
    'GT',
    'HN',
    'MX',
    'NI',
    'PA',
    'PE',
    'PR',
    'PY',
    'SV',
    'US',
    'UY',
    'VE',
  ].map((region) => [`es-${region}`, 'es-LA'] as const),
]);

/**
 * The voice nearest to what was asked for. There is always one: a call in another accent is better than none.
 * @returns `warning` a sentence for the call's record where it is not what was asked for, else null.
 */
export function findVoice(wish: VoiceWish): { readonly voice: Voice; readonly warning: string | null } {
  const asked = wish.language ?? 'en-GB';
  const gender = wish.gender ?? 'female';
  const number = wish.number ?? 1;
  const volume = Math.max(-4, Math.min(4, Math.round(wish.volume ?? 0)));
  const { locale, exact } = nearestLocale(asked);
  const speakers = ROWS.filter((row) => row.locale === locale && row.gender === gender);
  const row = speakers.find((candidate) => candidate.number === number) ?? speakers[0];
  // Every locale has both genders: the table is made that way.
  if (!row) throw new Error('the table of voices has a hole');
  const kept = exact && row.number === number;
  return { voice: voiceOf(row, volume), warning: kept ? null : notHad(asked, gender, number, row) };
}

function nearestLocale(asked: string): { readonly locale: string; readonly exact: boolean } {
  const [language = '', region = ''] = asked.split(/[-_]/);
  const wanted = region === '' ? language.toLowerCase() : `${language.toLowerCase()}-${region.toUpperCase()}`;
  if (VOICE_LANGUAGES.has(wanted)) return { locale: wanted, exact: true };
  const near =
    NEAR.get(wanted) ?? LANGUAGES.find(({ locale }) => locale.slice(0, 2) === language.toLowerCase())?.locale;
  // A language alone asks for no region: whichever there is, is what was asked for.
  return { locale: near ?? 'en-GB', exact: near !== undefined && region === '' };
}

function notHad(asked: string, gender: string, number: number, row: Row): string {
  // What was asked for is a stranger's text: cut, and of letters and digits only.
  const language = asked.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 20);
  return `There is no ${gender} voice ${number} for ${language}; ${row.displayName} speaks instead.`;
}

function voiceOf({ name, locale, gender }: Row, volume: number): Voice {
  return { name, locale, gender, volume };
}
