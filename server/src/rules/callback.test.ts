import { expect, it, test } from 'vitest';
import { kindsAmong, NOBODY_LISTENS, owesCallback } from './callback.ts';

const nobody = { settings: { callbackUrl: null }, listens: NOBODY_LISTENS };
const URL = 'https://a.example/';

it.each([
  [nobody, 'test', 'message', null, false],
  [nobody, 'live', 'call', URL, true],
  [{ ...nobody, settings: { callbackUrl: URL } }, 'live', 'verification', null, true],
  [{ ...nobody, listens: { test: ['message'], live: [] } }, 'test', 'message', null, true],
  [{ ...nobody, listens: { test: ['message'], live: [] } }, 'live', 'message', null, false],
  [{ ...nobody, listens: { test: ['message'], live: [] } }, 'test', 'call', null, false],
] as const)('%j owes word of a %s %s that names %s: %j', (account, mode, kind, named, owes) => {
  expect(owesCallback(account, mode, kind, named)).toBe(owes);
});

test('an endpoint listens to the kinds that its events are of', () => {
  expect(kindsAmong(['*'])).toEqual(['message', 'call', 'verification']);
  expect(kindsAmong(['verification.approved', 'verification.expired', 'message.sent'])).toEqual([
    'message',
    'verification',
  ]);
  expect(kindsAmong([])).toEqual([]);
});
