import { describe, expect, it } from 'vitest';
import { type Random, systemRandom } from '../values/random.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { alphabets, drawCode } from './code.ts';
import { CHANCE, tails } from './uniformity.ts';

const CODES = 100_000;
const LENGTH = 6;

const draw = (alphabet: string, random: Random, length = LENGTH) =>
  Array.from({ length: CODES }, () => drawCode({ length, alphabet }, random).reveal());

const every = {
  ...alphabets,
  // All that Octopush's switches allow, together.
  mixed: alphabets.digits + alphabets.upperCase + alphabets.lowerCase + alphabets.specials,
};

describe(`${CODES} codes`, () => {
  it.each(Object.entries(every))('of %s are uniform in each position (p > 0.001)', (_, alphabet) => {
    const { positions, whole } = tails(draw(alphabet, seededRandom(20_260_131)), alphabet);
    for (const tail of [...positions, whole]) expect(tail).toBeGreaterThan(0.001);
  });

  // True chance: an honest source fails this once in a million runs.
  it.each(Object.entries(every))('of %s, drawn from the system', (_, alphabet) => {
    const { positions, whole } = tails(draw(alphabet, systemRandom()), alphabet);
    for (const tail of [...positions, whole]) expect(tail).toBeGreaterThan(CHANCE);
  });

  it('of a byte modulo ten, which favours 0 to 5, would be found out', () => {
    const honest = systemRandom();
    const biased: Random = { ...honest, below: (limit) => (honest.bytes(1)[0] ?? 0) % limit };
    expect(tails(draw(alphabets.digits, biased), alphabets.digits).whole).toBeLessThan(CHANCE);
  });

  it('that never begin with a zero would be found out at that position', () => {
    const codes = draw(alphabets.digits, systemRandom()).map((code) => code.replace(/^0/, '1'));
    const { positions } = tails(codes, alphabets.digits);
    expect(positions[0]).toBeLessThan(CHANCE);
    for (const tail of positions.slice(1)) expect(tail).toBeGreaterThan(CHANCE);
  });
});
