import type { LocaleTexts } from './locale-texts.ts';

export const swedish: LocaleTexts = {
  plain: '{code} är din verifieringskod.',
  branded: '{code} är din verifieringskod för {brand}.',
  payment: '{code} är din kod för att betala {amount} till {payee}.',
  expires: {
    one: 'Den gäller i {minutes} minut.',
    other: 'Den gäller i {minutes} minuter.',
  },
  secret: 'Dela den inte med någon.',
  spoken: {
    plain: 'Hej. Din verifieringskod är',
    branded: 'Hej. Din verifieringskod för {brand} är',
    payment: 'Hej. Din kod för att betala {amount} till {payee} är',
    again: 'Tryck på 1 för att höra den igen.',
    goodbye: 'Hej då.',
  },
};
