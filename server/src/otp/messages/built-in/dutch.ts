import type { LocaleTexts } from './locale-texts.ts';

export const dutch: LocaleTexts = {
  plain: '{code} is uw verificatiecode.',
  branded: '{code} is uw verificatiecode voor {brand}.',
  payment: '{code} is uw code om {amount} te betalen aan {payee}.',
  expires: {
    one: 'Hij verloopt over {minutes} minuut.',
    other: 'Hij verloopt over {minutes} minuten.',
  },
  secret: 'Deel hem met niemand.',
  spoken: {
    plain: 'Hallo. Uw verificatiecode is',
    branded: 'Hallo. Uw verificatiecode voor {brand} is',
    payment: 'Hallo. Uw code om {amount} te betalen aan {payee} is',
    again: 'Om hem nog eens te horen, druk op 1.',
    goodbye: 'Tot ziens.',
  },
};
