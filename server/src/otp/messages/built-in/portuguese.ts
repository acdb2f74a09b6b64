import type { LocaleTexts } from './locale-texts.ts';

export const portuguese: LocaleTexts = {
  plain: '{code} é o seu código de verificação.',
  branded: '{code} é o seu código de verificação {brand}.',
  payment: '{code} é o seu código para pagar {amount} a {payee}.',
  expires: {
    one: 'Expira dentro de {minutes} minuto.',
    other: 'Expira dentro de {minutes} minutos.',
  },
  secret: 'Não o partilhe com ninguém.',
  spoken: {
    plain: 'Olá. O seu código de verificação é',
    branded: 'Olá. O seu código de verificação {brand} é',
    payment: 'Olá. O seu código para pagar {amount} a {payee} é',
    again: 'Para ouvir novamente, prima 1.',
    goodbye: 'Adeus.',
  },
};
