import { brazilian } from './built-in/brazilian.ts';
import { dutch } from './built-in/dutch.ts';
import { english } from './built-in/english.ts';
import { french } from './built-in/french.ts';
import { german } from './built-in/german.ts';
import { greek } from './built-in/greek.ts';
import { hungarian } from './built-in/hungarian.ts';
import { italian } from './built-in/italian.ts';
import { latinAmerican } from './built-in/latin-american.ts';
import type { LocaleTexts } from './built-in/locale-texts.ts';
import { nepali } from './built-in/nepali.ts';
import { polish } from './built-in/polish.ts';
import { portuguese } from './built-in/portuguese.ts';
import { russian } from './built-in/russian.ts';
import { spanish } from './built-in/spanish.ts';
import { swedish } from './built-in/swedish.ts';
import type { Locale } from './locales.ts';

/** What is said where neither the request nor the account says anything of its own. */
export const BUILT_IN_TEXTS: Readonly<Record<Locale, LocaleTexts>> = {
  'en-US': english,
  'en-GB': english,
  'de-DE': german,
  'el-GR': greek,
  'es-ES': spanish,
  'es-LA': latinAmerican,
  'fr-FR': french,
  'hu-HU': hungarian,
  'it-IT': italian,
  'ne-NP': nepali,
  'nl-NL': dutch,
  'pl-PL': polish,
  'pt-BR': brazilian,
  'pt-PT': portuguese,
  'ru-RU': russian,
  'sv-SE': swedish,
};
