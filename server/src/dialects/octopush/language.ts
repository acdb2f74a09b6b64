import { type Cast, choice } from './cast.ts';

/** The vendor's thirteen; of two for one language the first is meant by the language alone. */
const LANGUAGES = {
  'en-US': [],
  'en-GB': ['en-UK'],
  'el-GR': ['gr'],
  'pl-PL': [],
  'hu-HU': [],
  'sv-SE': [],
  'de-DE': [],
  'es-ES': [],
  'es-LA': ['es-419'],
  'fr-FR': [],
  'it-IT': [],
  'pt-BR': [],
  'ru-RU': [],
} as const;

export type VoiceLanguage = keyof typeof LANGUAGES;

const exact = choice<VoiceLanguage>(LANGUAGES);

const BY_LANGUAGE = new Map<string, VoiceLanguage>(
  (Object.keys(LANGUAGES) as VoiceLanguage[]).toReversed().map((locale) => [locale.slice(0, 2), locale]),
);

/** A voice's language. Another region than the vendor has is the nearest that it has: French of Canada is French, not English. */
export const language: Cast<VoiceLanguage> = (value) => {
  const taken = exact(value);
  if ('value' in taken || typeof value !== 'string') return taken;
  const [, tag = '', region] = /^\s*([a-z]{2})(?:[-_ ]*([a-z]{2}|\d{3}))?\s*$/i.exec(value) ?? [];
  const nearest = tag.toLowerCase() === 'es' && region !== undefined ? 'es-LA' : BY_LANGUAGE.get(tag.toLowerCase());
  return nearest === undefined ? taken : { value: nearest, notes: [`was read as ${nearest}`] };
};
