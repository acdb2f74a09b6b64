import type { LocaleTexts } from './locale-texts.ts';

export const english: LocaleTexts = {
  plain: '{code} is your verification code.',
  branded: '{code} is your {brand} verification code.',
  payment: '{code} is your code to pay {amount} to {payee}.',
  expires: {
    one: 'It expires in {minutes} minute.',
    other: 'It expires in {minutes} minutes.',
  },
  secret: 'Do not share it with anyone.',
  spoken: {
    plain: 'Hello. Your verification code is',
    branded: 'Hello. Your {brand} verification code is',
    payment: 'Hello. Your code to pay {amount} to {payee} is',
    again: 'To hear it again, press 1.',
    goodbye: 'Goodbye.',
  },
};
