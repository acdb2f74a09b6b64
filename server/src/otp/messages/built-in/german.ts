import type { LocaleTexts } from './locale-texts.ts';

export const german: LocaleTexts = {
  plain: 'Ihr Bestätigungscode lautet {code}.',
  branded: 'Ihr Bestätigungscode für {brand} lautet {code}.',
  payment: '{code} ist Ihr Code für die Zahlung von {amount} an {payee}.',
  expires: {
    one: 'Er ist {minutes} Minute gültig.',
    other: 'Er ist {minutes} Minuten gültig.',
  },
  secret: 'Geben Sie ihn nicht weiter.',
  spoken: {
    plain: 'Guten Tag. Ihr Bestätigungscode lautet',
    branded: 'Guten Tag. Ihr Bestätigungscode für {brand} lautet',
    payment: 'Guten Tag. Ihr Code für die Zahlung von {amount} an {payee} lautet',
    again: 'Um ihn noch einmal zu hören, drücken Sie die 1.',
    goodbye: 'Auf Wiederhören.',
  },
};
