import { describe, expect, it } from 'vitest';
import { paymentFaults, wordsFaults } from './template-faults.ts';

const PAYS = '{code} pays {amount} to {payee}';
const PLAIN = '{code} it is';

describe('the words of a template', () => {
  it.each([
    ['{code} {amount}', '{payee} beside {amount}'],
    ['{code} {payee}', '{amount} beside {payee}'],
  ])('are refused with half a payment: %s', (text, missing) => {
    const message = `must hold ${missing}, or neither: a payer must learn both`;
    expect(wordsFaults('texts', { en: text, fr: PAYS })).toEqual([{ field: 'texts.en', message }]);
  });

  it('have room for every value in the GSM alphabet, two septets a letter', () => {
    const long = (letters: number) => wordsFaults('texts', { en: `{code}{brand}${'a'.repeat(letters)}` });
    expect(long(1530 - 10 - 80)).toEqual([]);
    expect(long(1530 - 10 - 79)).toEqual([{ field: 'texts.en', message: expect.stringMatching(/10 SMS segments/) }]);
  });

  it('name a payment by message and by call, or by neither', () => {
    const fields = (texts: Record<string, string>, spoken: Record<string, string>) =>
      paymentFaults({ texts, spoken }).map(({ field, message }) => `${field} ${message}`);
    expect(fields({ en: PAYS, fr: PLAIN }, { en: PAYS, fr: PLAIN })).toEqual([]);
    expect(fields({ en: PAYS }, {})).toEqual([]);
    expect(fields({ en: PAYS }, { en: PLAIN })).toEqual([expect.stringMatching(/^spoken.en must hold.*texts.en does/)]);
    expect(fields({ en: PLAIN }, { en: PAYS })).toEqual([expect.stringMatching(/^spoken.en must not hold/)]);
    // What is said in French is what is written in English.
    expect(fields({ en: PAYS }, { fr: PLAIN })).toEqual([expect.stringMatching(/^spoken.fr must hold/)]);
    expect(fields({ en: PLAIN, 'en-GB': PAYS }, { en: PLAIN })).toEqual([expect.stringMatching(/^spoken.en.*en-GB/)]);
  });
});
