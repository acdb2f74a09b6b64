import type { LocaleTexts } from './locale-texts.ts';

export const italian: LocaleTexts = {
  plain: '{code} è il suo codice di verifica.',
  branded: '{code} è il suo codice di verifica {brand}.',
  payment: '{code} è il suo codice per pagare {amount} a {payee}.',
  expires: {
    one: 'Scade tra {minutes} minuto.',
    other: 'Scade tra {minutes} minuti.',
  },
  secret: 'Non lo comunichi a nessuno.',
  spoken: {
    plain: 'Salve. Il suo codice di verifica è',
    branded: 'Salve. Il suo codice di verifica {brand} è',
    payment: 'Salve. Il suo codice per pagare {amount} a {payee} è',
    again: 'Per riascoltarlo, prema 1.',
    goodbye: 'Arrivederci.',
  },
};
