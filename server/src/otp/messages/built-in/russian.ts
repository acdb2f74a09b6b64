import type { LocaleTexts } from './locale-texts.ts';

export const russian: LocaleTexts = {
  plain: '{code} — ваш код подтверждения.',
  branded: '{code} — ваш код {brand}.',
  payment: '{code} — код для оплаты {amount} в пользу {payee}.',
  expires: {
    one: 'Действует {minutes} минуту.',
    few: 'Действует {minutes} минуты.',
    many: 'Действует {minutes} минут.',
    other: 'Действует {minutes} минуты.',
  },
  secret: 'Никому его не сообщайте.',
  spoken: {
    plain: 'Здравствуйте. Ваш код подтверждения',
    branded: 'Здравствуйте. Ваш код подтверждения {brand}',
    payment: 'Здравствуйте. Код для оплаты {amount} в пользу {payee}',
    again: 'Чтобы прослушать ещё раз, нажмите 1.',
    goodbye: 'До свидания.',
  },
};
