import { expect, test } from 'vitest';
import { receiptDate } from './receipt-date.ts';

const arrival = Date.UTC(2026, 0, 31, 10, 5, 30);

test.each([
  ['2601311004', Date.UTC(2026, 0, 31, 10, 4)],
  ['260131100459', Date.UTC(2026, 0, 31, 10, 4, 59)],
  ['202601311004', Date.UTC(2026, 0, 31, 10, 4)],
  ['20260131100459', Date.UTC(2026, 0, 31, 10, 4, 59)],
])('%s', (digits, at) => {
  expect(receiptDate(digits, 0, arrival)).toBe(at);
});

test.each([
  '2602301004', // 30 February
  '2613011004', // month 13
  '2601312404', // hour 24
  '260131100460', // second 60
  '0000000000',
  '000000000000',
  '2501311004', // a year ago
  '2602031004', // days ahead
  '260131',
  '2601311004591',
])('%s is no date: it happened when it came', (digits) => {
  expect(receiptDate(digits, 0, arrival)).toBe(arrival);
});

test('the clock of the SMSC may be ahead of UTC', () => {
  expect(receiptDate('2601311549', 345, arrival)).toBe(Date.UTC(2026, 0, 31, 10, 4));
  expect(receiptDate('2601310304', -420, arrival)).toBe(Date.UTC(2026, 0, 31, 10, 4));
});
