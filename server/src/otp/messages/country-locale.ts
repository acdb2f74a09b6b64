import type { CountryCode } from '../../values/country.ts';
import type { Locale } from './locales.ts';

/**
 * The language that most people of a country read, of those that there are texts for. Where several are official, that of the
 * majority. A country that is not here reads English.
 */
export const COUNTRIES: Readonly<Partial<Record<Locale, string>>> = {
  'de-DE': 'AT CH DE LI',
  'el-GR': 'CY GR',
  'en-GB':
    'AG AU BB BS BW BZ CK DM FJ FK GB GD GG GH GI GM GY HK IE IM IN JE JM KE KN LC LK LR LS MT MU MW NA NG NU NZ PG PK RW SB SC SG SH SL SX SZ TC TO TT TV TZ UG VC VG VU ZA ZM ZW',
  'es-ES': 'AD ES GQ',
  'es-LA': 'AR BO CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV UY VE',
  'fr-FR':
    'BF BI BJ BL CD CF CG CI CM DJ DZ FR GA GF GN GP HT KM LU MA MC MF MG ML MQ MR NC NE PF PM RE SN TD TG TN WF YT',
  'hu-HU': 'HU',
  'it-IT': 'IT SM VA',
  'ne-NP': 'NP',
  'nl-NL': 'AW BE BQ CW NL SR',
  'pl-PL': 'PL',
  'pt-BR': 'BR',
  'pt-PT': 'AO CV GW MZ PT ST TL',
  'ru-RU': 'BY KG KZ RU TJ',
  'sv-SE': 'AX SE',
};

const BY_COUNTRY: ReadonlyMap<string, Locale> = new Map(
  Object.entries(COUNTRIES).flatMap(([locale, countries]) =>
    countries.split(' ').map((country): [string, Locale] => [country, locale as Locale]),
  ),
);

/** What a number's country is written to in, where the request does not say. */
export function localeOf(country: CountryCode): Locale {
  return BY_COUNTRY.get(country) ?? 'en-US';
}
