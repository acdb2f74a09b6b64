/** Languages that there are built-in texts for, by BCP 47; `es-LA`, as Octopush has it, is the Spanish of Latin America. */
export const LOCALES = [
  'en-US',
  'en-GB',
  'de-DE',
  'el-GR',
  'es-ES',
  'es-LA',
  'fr-FR',
  'hu-HU',
  'it-IT',
  'ne-NP',
  'nl-NL',
  'pl-PL',
  'pt-BR',
  'pt-PT',
  'ru-RU',
  'sv-SE',
] as const;

export type Locale = (typeof LOCALES)[number];

/** A language tag in small letters, with `-`: two that differ in their spelling alone are the same. */
export function plainTag(tag: string): string {
  return tag.trim().toLowerCase().replaceAll('_', '-');
}

/** The language of a tag, without its region: `fr` of `fr_CA`. */
export function languageOf(tag: string): string {
  return plainTag(tag).split('-')[0] ?? '';
}

/** The built-in locale nearest to a language tag, in any case, with `-` or `_`: `fr`, `fr_CA` and `FR-fr` are `fr-FR`. Null: there is none. */
export function nearestLocale(tag: string): Locale | null {
  const [, language = '', region] = /^\s*([a-z]{2})(?:[-_]([a-z]{2}|\d{3}))?\s*$/i.exec(tag) ?? [];
  const exact = LOCALES.find((locale) => locale.toLowerCase() === `${language}-${region ?? ''}`.toLowerCase());
  if (exact !== undefined) return exact;
  // Every Spanish but Spain's is nearer to Latin America's.
  if (language.toLowerCase() === 'es' && region !== undefined) return 'es-LA';
  if (language.toLowerCase() === 'en' && region !== undefined) return 'en-GB';
  if (language.toLowerCase() === 'pt' && region !== undefined) return 'pt-PT';
  return LOCALES.find((locale) => locale.startsWith(`${language.toLowerCase()}-`)) ?? null;
}
