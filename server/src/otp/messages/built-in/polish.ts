import type { LocaleTexts } from './locale-texts.ts';

export const polish: LocaleTexts = {
  plain: '{code} to Twój kod weryfikacyjny.',
  branded: '{code} to Twój kod weryfikacyjny {brand}.',
  payment: '{code} to kod do płatności {amount} na rzecz {payee}.',
  expires: {
    one: 'Ważny przez {minutes} minutę.',
    few: 'Ważny przez {minutes} minuty.',
    many: 'Ważny przez {minutes} minut.',
    other: 'Ważny przez {minutes} minuty.',
  },
  secret: 'Nie podawaj go nikomu.',
  spoken: {
    plain: 'Dzień dobry. Twój kod weryfikacyjny to',
    branded: 'Dzień dobry. Twój kod weryfikacyjny {brand} to',
    payment: 'Dzień dobry. Kod do płatności {amount} na rzecz {payee} to',
    again: 'Aby usłyszeć go ponownie, naciśnij 1.',
    goodbye: 'Do widzenia.',
  },
};
