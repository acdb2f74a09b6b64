import { expect, test } from 'vitest';
import { BEGINNING } from '../../handset/follow.ts';
import { positionOf, positionText } from './handset-position.ts';

const MESSAGE = '01a1fccb-438b-7292-a2ac-dd6bc0393e52';
const CHANGE = '01a1fccb-438b-7292-a2ac-dd6bc0393e53';

test('a position reads back as it was written', () => {
  for (const message of [MESSAGE, BEGINNING]) {
    for (const change of [CHANGE, BEGINNING]) {
      const text = positionText({ message, change });
      expect(positionOf(text)).toEqual(text === '' ? null : { message, change });
    }
  }
});

test('where there were no calls, the position is the id of the message', () => {
  expect(positionText({ message: MESSAGE, change: BEGINNING })).toBe(`msg_${MESSAGE}`);
});

test('anything else is no position', () => {
  const none = [
    ...[undefined, '', ' ', MESSAGE, `call_${CHANGE}`, `msg_${MESSAGE} `, `chg_${CHANGE} msg_${MESSAGE}`],
    ...[`msg_${MESSAGE} msg_${MESSAGE}`, `msg_${MESSAGE} chg_${CHANGE} x`, `msg_${MESSAGE} x chg_${CHANGE}`],
  ];
  for (const text of none) expect(positionOf(text)).toBeNull();
});
