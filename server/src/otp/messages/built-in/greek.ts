import type { LocaleTexts } from './locale-texts.ts';

export const greek: LocaleTexts = {
  plain: 'Ο κωδικός επαλήθευσής σας είναι {code}.',
  branded: 'Ο κωδικός επαλήθευσης {brand} είναι {code}.',
  payment: '{code}: κωδικός για πληρωμή {amount} προς {payee}.',
  expires: {
    one: 'Ισχύει για {minutes} λεπτό.',
    other: 'Ισχύει για {minutes} λεπτά.',
  },
  secret: 'Μην τον κοινοποιήσετε.',
  spoken: {
    plain: 'Γεια σας. Ο κωδικός επαλήθευσής σας είναι',
    branded: 'Γεια σας. Ο κωδικός επαλήθευσης για {brand} είναι',
    payment: 'Γεια σας. Ο κωδικός για την πληρωμή {amount} προς {payee} είναι',
    again: 'Για να τον ακούσετε ξανά, πατήστε 1.',
    goodbye: 'Αντίο σας.',
  },
};
