import { expect, test } from 'vitest';
import { endsBinding, statusName, submitRetry } from './status.ts';

test('what the SMSC calls a matter of time is tried here again', () => {
  expect([0x08, 0x14, 0x58, 0x64].map(submitRetry)).toEqual(['later', 'later', 'later', 'later']);
});

test('all else is tried elsewhere, vendors codes too', () => {
  expect([0x01, 0x0a, 0x0b, 0x45, 0x62, 0x65, 0xff, 0x401, 0xffffffff].map(submitRetry)).toEqual(
    new Array(9).fill('elsewhere'),
  );
});

test('wrong credentials end the binding, a busy SMSC does not', () => {
  expect([0x0e, 0x0f, 0x53].map(endsBinding)).toEqual([true, true, true]);
  expect([0x05, 0x08, 0x0d, 0x58, 0x400].map(endsBinding)).toEqual([false, false, false, false, false]);
});

test('names are those of the specification', () => {
  expect(statusName(0x58)).toBe('ESME_RTHROTTLED (0x58)');
  expect(statusName(0x401)).toBe('0x401');
});
