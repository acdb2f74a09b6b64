import type { LocaleTexts } from './locale-texts.ts';

export const brazilian: LocaleTexts = {
  plain: '{code} é seu código de verificação.',
  branded: '{code} é seu código de verificação {brand}.',
  payment: '{code} é seu código para pagar {amount} a {payee}.',
  expires: {
    one: 'Expira em {minutes} minuto.',
    other: 'Expira em {minutes} minutos.',
  },
  secret: 'Não compartilhe com ninguém.',
  spoken: {
    plain: 'Olá. Seu código de verificação é',
    branded: 'Olá. Seu código de verificação {brand} é',
    payment: 'Olá. Seu código para pagar {amount} a {payee} é',
    again: 'Para ouvir de novo, tecle 1.',
    goodbye: 'Até logo.',
  },
};
