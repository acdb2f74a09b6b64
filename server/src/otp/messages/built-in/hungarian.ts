import type { LocaleTexts } from './locale-texts.ts';

export const hungarian: LocaleTexts = {
  plain: 'Az Ön ellenőrző kódja: {code}.',
  branded: '{brand} ellenőrző kódja: {code}.',
  payment: '{code} a kódja. Fizetés: {amount}, kedvezményezett: {payee}.',
  expires: {
    one: '{minutes} percig érvényes.',
    other: '{minutes} percig érvényes.',
  },
  secret: 'Ne adja meg senkinek.',
  spoken: {
    plain: 'Jó napot kívánok. Az Ön ellenőrző kódja',
    branded: 'Jó napot kívánok. Az Ön {brand} ellenőrző kódja',
    payment: 'Jó napot kívánok. Fizetés: {amount}, kedvezményezett: {payee}. A kódja',
    again: 'Ha újra szeretné hallani, nyomja meg az egyest.',
    goodbye: 'Viszonthallásra.',
  },
};
