import fc from 'fast-check';
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';
import { describe, expect, it } from 'vitest';
import { numberingPlans, type PlannedNumber } from './numbering-plan.ts';

const plans = numberingPlans();
const countries = getCountries();
const networks = Object.keys(metadata.nonGeographic);

/** What the library says of a number; null if it is not valid. */
function asLibrary(dialled: string, country?: CountryCode): PlannedNumber | null {
  const parsed = parsePhoneNumberFromString(dialled, { extract: false, ...(country && { defaultCountry: country }) });
  const type = parsed?.getType();
  if (parsed === undefined || type === undefined) return null;
  return {
    callingCode: parsed.countryCallingCode,
    national: parsed.nationalNumber,
    country: parsed.country ?? (parsed.isNonGeographic() ? '001' : 'nobody'),
    type,
  };
}

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));
const country = fc.constantFrom(...countries);

/** A national number, or nearly one: each country's example, with digits changed, cut off, added or drawn anew. */
const national = country.chain((code) =>
  fc.tuple(fc.constant(code), fc.nat(8), fc.nat(14), digits(0, 14)).map(([home, kind, at, random]) => {
    const example: string = examples[home];
    const bent = [
      example,
      example,
      example,
      example.slice(0, at) + random.slice(0, 1) + example.slice(at + 1),
      example.slice(0, at) + random,
      random + example,
      random.slice(0, 3) + example.slice(3),
      example.slice(0, -1),
      random,
    ];
    return { home, number: bent[kind] ?? example };
  }),
);

describe('numberingPlans', () => {
  it('answers for a mobile number of every country as the library does; it leaves one to it', () => {
    const left = countries.filter((home) => {
      const international = getCountryCallingCode(home) + examples[home];
      const found = plans.international(international);
      if (found !== null) expect(found).toEqual(asLibrary(`+${international}`));
      return found === null;
    });
    // In Argentina the example reads as one with a trunk prefix that rewrites the number.
    expect(left).toEqual(['AR']);
  });

  it('agrees with the library on international numbers, or leaves them to it', () => {
    const withTrunk = fc
      .tuple(national, fc.constantFrom('', '', '0', '1', '8'))
      .map(([{ home, number }, trunk]) => getCountryCallingCode(home) + trunk + number);
    const network = fc.tuple(fc.constantFrom(...networks), digits(6, 12)).map(([code, number]) => code + number);
    let answered = 0;
    fc.assert(
      fc.property(fc.oneof({ arbitrary: withTrunk, weight: 5 }, network, digits(1, 17)), (number) => {
        const found = plans.international(number);
        if (found === null) return;
        answered++;
        expect(found).toEqual(asLibrary(`+${number}`));
      }),
      { numRuns: 1500 },
    );
    expect(answered).toBeGreaterThan(50);
  });

  it('agrees with the library on numbers as dialled in a country, or leaves them to it', () => {
    const dialled = fc
      .tuple(
        national,
        fc.constantFrom('', '', '0', '1', '8', '00', '011', 'code', '00code', '011code'),
        fc.oneof({ arbitrary: fc.constant(null), weight: 4 }, country),
      )
      .map(([{ home, number }, prefix, other]) => ({
        from: other ?? home,
        number: prefix.replace('code', getCountryCallingCode(home)) + number,
      }));
    const anything = fc.record({ from: country, number: digits(1, 17) });
    let answered = 0;
    fc.assert(
      fc.property(fc.oneof({ arbitrary: dialled, weight: 5 }, anything), ({ from, number }) => {
        const found = plans.dialled(number, from);
        if (found === null) return;
        answered++;
        expect(found).toEqual(asLibrary(number, from));
      }),
      { numRuns: 1500 },
    );
    expect(answered).toBeGreaterThan(50);
  });

  it('needs no library for the common spellings', () => {
    expect(plans.dialled('9851023212', 'NP')).toMatchObject({
      callingCode: '977',
      national: '9851023212',
      type: 'MOBILE',
    });
    expect(plans.dialled('009779851023212', 'NP')).not.toBeNull();
    expect(plans.dialled('9779851023212', 'NP')).not.toBeNull();
    expect(plans.dialled('07400123456', 'GB')).toMatchObject({ national: '7400123456', country: 'GB' });
    expect(plans.dialled('89012345678', 'RU')).toMatchObject({ national: '9012345678', country: 'RU' });
  });

  it.each(['XX', '001', '', 'toString', '__proto__'])('knows no plan of a country called %j', (code) => {
    expect(plans.dialled('9851023212', code)).toBeNull();
  });

  it('has nothing to say of no digits, nor of a calling code alone', () => {
    expect(plans.international('')).toBeNull();
    expect(plans.international('977')).toBeNull();
    expect(plans.dialled('', 'NP')).toBeNull();
    expect(plans.dialled('00', 'NP')).toBeNull();
  });
});
