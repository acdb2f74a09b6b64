import type { LocaleTexts } from './locale-texts.ts';

export const hungarian: LocaleTexts = {
  plain: 'Az Ön ellenőrző kódja: {code}.',
  branded: '{brand} ellenőrző kód: {code}.',
  payment: '{amount} fizetése {payee} részére. Kódja: {code}.',
  expires: {
    one: '{minutes} percig érvényes.',
    other: '{minutes} percig érvényes.',
  },
  secret: 'Ne adja meg senkinek.',
  spoken: {
    plain: 'Jó napot kívánok. Az Ön ellenőrző kódja',
    branded: 'Jó napot kívánok. Az Ön {brand} ellenőrző kódja',
    payment: 'Jó napot kívánok. {amount} fizetése {payee} részére. Az Ön kódja',
    again: 'Ha újra szeretné hallani, nyomja meg az egyest.',
    goodbye: 'Viszonthallásra.',
  },
};
