import type { LocaleTexts } from './locale-texts.ts';

export const spanish: LocaleTexts = {
  plain: '{code} es su código de verificación.',
  branded: '{code} es su código de verificación de {brand}.',
  payment: '{code} es su código para pagar {amount} a {payee}.',
  expires: {
    one: 'Caduca en {minutes} minuto.',
    other: 'Caduca en {minutes} minutos.',
  },
  secret: 'No lo comparta con nadie.',
  spoken: {
    plain: 'Hola. Su código de verificación es',
    branded: 'Hola. Su código de verificación de {brand} es',
    payment: 'Hola. Su código para pagar {amount} a {payee} es',
    again: 'Para escucharlo de nuevo, pulse 1.',
    goodbye: 'Adiós.',
  },
};
