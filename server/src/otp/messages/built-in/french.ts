import type { LocaleTexts } from './locale-texts.ts';

export const french: LocaleTexts = {
  plain: '{code} est votre code de vérification.',
  branded: '{code} est votre code de vérification {brand}.',
  payment: '{code} est votre code pour payer {amount} à {payee}.',
  expires: {
    one: 'Il expire dans {minutes} minute.',
    other: 'Il expire dans {minutes} minutes.',
  },
  secret: 'Ne le communiquez à personne.',
  spoken: {
    plain: 'Bonjour. Votre code de vérification est',
    branded: 'Bonjour. Votre code de vérification {brand} est',
    payment: 'Bonjour. Votre code pour payer {amount} à {payee} est',
    again: 'Pour le réécouter, appuyez sur 1.',
    goodbye: 'Au revoir.',
  },
};
