import { expect, it } from 'vitest';
import { isSender } from './sender.ts';

it.each(['Passbell', 'A', 'Acme Nepal', 'AT&T', '1st.Bank', 'ELEVENCHARS', '+9779851023212', '555', '31001'])(
  '%j is a sender',
  (text) => {
    expect(isSender(text)).toBe(true);
  },
);

it.each([
  ...['', ' ', ' Acme', 'Acme ', 'TWELVECHARSX', 'Ac\nme', 'Ac\u0000me', 'Acmé', 'बैंक', 'A😀'],
  ...['12', '123456789', '+0123456789', '+12345', '+1234567890123456', '-1'],
])('%j is none', (text) => {
  expect(isSender(text)).toBe(false);
});
