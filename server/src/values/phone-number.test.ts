import fc from 'fast-check';
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { parsePhoneNumber } from './phone-number.ts';

function parsed(input: unknown, country = 'NP') {
  const result = parsePhoneNumber(input, country);
  return result.ok ? result.number : null;
}

function reason(input: unknown): string {
  const result = parsePhoneNumber(input, 'NP');
  if (result.ok) throw new Error(`taken for ${result.number.e164}`);
  return result.reason;
}

describe('parsePhoneNumber', () => {
  it.each([
    '9851023212',
    '09851023212',
    '9779851023212',
    '+9779851023212',
    '009779851023212',
    '00977-985-102-3212',
    '985 102 3212',
    '985.102.3212',
    ' +977 (985) 102-3212 ',
    '(+977) 985 102 3212',
    '+977 (0) 985 102 3212',
  ])('reads %j as one number', (spelling) => {
    expect(parsed(spelling)).toEqual({ e164: '+9779851023212', country: 'NP', type: 'mobile' });
  });

  it('gives all spellings of a number one E.164 form, for a mobile number of every country', () => {
    const separator = fc.constantFrom('', '', ' ', '-', '.', ' - ');
    const spelling = fc.tuple(
      fc.constantFrom(...getCountries()),
      fc.constantFrom('+', '00', '', 'national'),
      fc.array(separator, { minLength: 20, maxLength: 20 }),
    );
    fc.assert(
      fc.property(spelling, ([country, prefix, separators]) => {
        const international = getCountryCallingCode(country) + examples[country];
        const plain = prefix === 'national' ? examples[country] : prefix + international;
        let spelt = '';
        for (const [i, character] of Array.from(plain).entries()) {
          spelt += character;
          if (spelt.length < 24 && character !== '+') spelt += separators[i % separators.length] ?? '';
        }
        // That is how a decimal number looks.
        if (/^\+?\d[\d ]*\.(?:\d|0+) *$/.test(spelt)) return;
        // From Nepal every one of them is abroad, but for a national spelling.
        const from = prefix === 'national' ? country : 'NP';
        const number = parsed(spelt, from);
        // An eight- or ten-digit number abroad, written bare, may be a number in Nepal: that one is meant then.
        if (prefix === '' && number?.country === 'NP') return;
        expect(number?.e164).toBe(`+${international}`);
      }),
      { numRuns: 300 },
    );
  });

  it('reads bare digits as dialled at home first, and with a + else', () => {
    expect(parsed('919812345678')?.e164).toBe('+919812345678');
    expect(parsed('14155552671')?.e164).toBe('+14155552671');
    // In Germany area codes begin with 49 as well: 04941 is Aurich.
    expect(parsed('494112345', 'DE')?.e164).toBe('+49494112345');
    expect(parsed('4930123456', 'DE')?.e164).toBe('+4930123456');
    expect(parsed('01-4567890')).toMatchObject({ e164: '+97714567890', type: 'fixed_line' });
  });

  it('takes 00 for the international prefix where the country dials another', () => {
    expect(parsed('009779851023212', 'US')?.e164).toBe('+9779851023212');
    expect(parsed('0119779851023212', 'US')?.e164).toBe('+9779851023212');
  });

  it.each([
    ['+19005551234', 'US', 'premium'],
    ['+448712345678', 'GB', 'premium'],
    ['+33810123456', 'FR', 'shared_cost'],
    ['+979123456789', '001', 'premium'],
    ['+8816123456789', '001', 'mobile'],
    ['+870773111632', '001', 'mobile'],
    ['+883510012345678', '001', 'voip'],
    ['+80012345678', '001', 'toll_free'],
    ['+18002345678', 'US', 'toll_free'],
    ['+447640123456', 'GB', 'pager'],
    ['+447012345678', 'GB', 'personal'],
    ['+441481256789', 'GG', 'fixed_line'],
    ['+14155552671', 'US', 'fixed_line_or_mobile'],
    ['+12505550199', 'CA', 'fixed_line_or_mobile'],
  ])('knows %s as one of %s, %s', (number, country, type) => {
    expect(parsed(number)).toEqual({ e164: number, country, type });
  });

  it.each(['112', '911', '100', '101', '102', '(1)1-2'])('knows %s as an emergency number', (number) => {
    expect(parsed(number)).toMatchObject({ type: 'emergency', country: 'NP' });
  });

  it.each(['1415', '431110', '5001', '77', '123456'])('knows %s as a short number, not as one abroad', (number) => {
    expect(parsed(number)).toMatchObject({ e164: number, type: 'short' });
  });

  it('takes a number of few digits for one where the plan has such numbers', () => {
    expect(parsed('4002', 'NU')).toMatchObject({ e164: '+6834002', country: 'NU' });
  });

  it.each([
    [undefined, /required/],
    [null, /required/],
    ['', /required/],
    [9851023212, /must be a string.*leading zeros/],
    [['9851023212'], /must be a string/],
    [{ number: '9851023212' }, /must be a string/],
    [true, /must be a string/],
    ['+', /no digits/],
    ['   ', /no digits/],
    ['()-.', /no digits/],
    ['a123321312321', /letters/],
    ['0944567890abc', /letters/],
    ['+33 6 6X XX XX 83', /letters/],
    ['9851023212x12', /letters/],
    ['9851023212 ext 12', /letters/],
    ['9851023212;ext=12', /letters/],
    ['tel:+9779851023212', /letters/],
    ['9851023212#12', /nothing else/],
    ['9851023212,12', /nothing else/],
    ['٠٩٤٤٥٦٧٨٩٠', /another script/],
    ['९८५१०२३२१२', /another script/],
    ['９８５１０２３２１２', /another script/],
    ['+9779851023212\r\nX: y', /control character/],
    ['9851023212\n', /control character/],
    ['\t9851023212', /control character/],
    ['9851023212\0', /control character/],
    ['985\u202e1023212', /invisible/],
    ['985\u200b1023212', /invisible/],
    ['\ufeff9851023212', /invisible/],
    ['985\u20281023212', /invisible/],
    ['985\u00a01023212', /nothing else/],
    ['985–1023212', /nothing else/],
    ['＋9779851023212', /nothing else/],
    ['-9851023212', /begins with a dash or a dot: remove it/],
    ['....9851023212', /begins with a dash or a dot/],
    [' (.985) 1023212', /begins with a dash or a dot/],
    ['-+9779851023212', /begins with a dash or a dot/],
    ['+-9779851023212', /begins with a dash or a dot/],
    ['9851023212.0', /decimal number: remove the dot/],
    ...['+436641234567.0', '+43664123456.00', ' +43 664123456.0', '43664123456.0 ', '(+43)664123456.0'].map(
      (number): [string, RegExp] => [number, /decimal number/],
    ),
    ['++9779851023212', /one \+ only/],
    ['977+9851023212', /one \+ only/],
    ['+977 985 102 3212 985 102 3212 985', /longer than 32/],
    ['9'.repeat(10_000), /longer than 32/],
    ['985102321', /not a valid phone number in NP/],
    ['98510232122', /not a valid phone number in NP/],
    ['+977985102321', /not a valid phone number:/],
    ['+99912345678', /not a valid phone number:/],
    ['+0', /not a valid phone number:/],
    ['+977112', /not a valid phone number:/],
    ['0', /not a valid/],
    ['00', /not a valid/],
    ['1'.repeat(31), /not a valid/],
  ])('refuses %j and says what to do', (input, sentence) => {
    expect(reason(input)).toMatch(sentence);
  });

  it.each([
    ...['+9991234567', '+210123456789', '00210123456789', '+999 123-4567', '(+210) 123456789', '+8391'].map(
      (given): [string, boolean] => [given, true],
    ),
    ...['+977985102321', '00977985102321', '+19', '+99', '+', '+09851023212', '999123456789', '9'.repeat(40), 'x'].map(
      (given): [string, boolean] => [given, false],
    ),
  ])('tells of %j whether its calling code is in use nowhere: %j', (given, nowhere) => {
    expect(parsePhoneNumber(given, 'NP')).toMatchObject({ ok: false, nowhere });
  });

  it('answers every text with a number of digits alone, or with a sentence that does not repeat it', () => {
    const hostile = fc.constantFrom(
      '+',
      '00',
      '977',
      '9851023212',
      ' ',
      '-',
      '(',
      ')',
      '.',
      'x',
      '\n',
      '\u202e',
      '१',
      ';ext=',
      '/',
      '0',
    );
    const input = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.array(hostile, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.anything(),
    );
    fc.assert(
      fc.property(input, (given) => {
        const result = parsePhoneNumber(given, 'NP');
        if (result.ok) {
          expect(result.number.e164).toMatch(/^(?:\+[1-9][0-9]{6,16}|[0-9]{2,6})$/);
          expect(given).toMatch(/^[ ()+]*[0-9][0-9 ().-]*$/);
        } else {
          expect(result.reason).toMatch(/^[A-Z].*\.$/);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('leaves national numbers unread where there is no such country, and takes international ones', () => {
    expect(parsed('9851023212', 'XX')).toBeNull();
    expect(parsed('+9779851023212', 'XX')?.country).toBe('NP');
  });
});
