import type { LocaleTexts } from './locale-texts.ts';
import { spanish } from './spanish.ts';

/** Spain's, but for the words that are not said there. */
export const latinAmerican: LocaleTexts = {
  ...spanish,
  expires: {
    one: 'Vence en {minutes} minuto.',
    other: 'Vence en {minutes} minutos.',
  },
  spoken: {
    ...spanish.spoken,
    again: 'Para escucharlo de nuevo, presione 1.',
    goodbye: 'Hasta luego.',
  },
};
