import { getCountries, isSupportedCountry } from 'libphonenumber-js/max';
import { expect, it } from 'vitest';
import { VOICE_LANGUAGES } from '../../voice/voices.ts';
import { COUNTRIES, localeOf } from './country-locale.ts';
import { LOCALES, nearestLocale } from './locales.ts';

it.each([
  ['fr', 'fr-FR'],
  ['fr_CA', 'fr-FR'],
  ['FR-fr', 'fr-FR'],
  ['es', 'es-ES'],
  ['es-MX', 'es-LA'],
  ['es-419', 'es-LA'],
  ['pt', 'pt-BR'],
  ['pt-AO', 'pt-PT'],
  ['en', 'en-US'],
  ['en-AU', 'en-GB'],
  [' ne ', 'ne-NP'],
])('takes %s for %s', (tag, locale) => {
  expect(nearestLocale(tag)).toBe(locale);
});

it.each(['', 'xx', 'french', 'zh-CN', 'fr-FR-x', '__proto__'])('knows no language %j', (tag) => {
  expect(nearestLocale(tag)).toBeNull();
});

it('has words in every language that it has voices for', () => {
  for (const language of VOICE_LANGUAGES.keys()) expect(LOCALES).toContain(language);
});

it('has one language for a country', () => {
  const countries = Object.values(COUNTRIES).flatMap((listed) => listed.split(' '));
  expect(new Set(countries).size).toBe(countries.length);
  expect(countries.filter((country) => !isSupportedCountry(country))).toEqual([]);
});

it('writes to every country in one of its languages', () => {
  const unknown = getCountries().filter((country) => !LOCALES.includes(localeOf(country)));
  expect(unknown).toEqual([]);
  expect(['NP', 'FR', 'MX', 'CH', 'BR', 'JP', 'GB', 'US', 'UA', 'BE'].map(localeOf)).toEqual([
    ...['ne-NP', 'fr-FR', 'es-LA', 'de-DE', 'pt-BR', 'en-US', 'en-GB', 'en-US', 'en-US', 'nl-NL'],
  ]);
});
