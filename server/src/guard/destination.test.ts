import { describe, expect, it } from 'vitest';
import type { DestinationRefusal } from '../errors.ts';
import { parsePhoneNumber } from '../values/phone-number.ts';
import { judgeDestination, type PermittedDestinations } from './destination.ts';

const home: PermittedDestinations = { home: 'NP', countries: null, live: true };
const everywhere: PermittedDestinations = { home: 'NP', countries: ['*'], live: true };
const sandbox: PermittedDestinations = { home: 'NP', countries: null, live: false };

function judge(input: string, permitted: PermittedDestinations): DestinationRefusal | null {
  const parsed = parsePhoneNumber(input, 'NP');
  if (!parsed.ok) throw new Error(parsed.reason);
  return judgeDestination(parsed.number, permitted);
}

describe('judgeDestination', () => {
  it.each<[string, DestinationRefusal]>([
    ['+19005551234', 'premium'],
    ['+448712345678', 'premium'],
    ['+979123456789', 'premium'],
    ['+33810123456', 'shared_cost'],
    ['+80812345678', 'shared_cost'],
    ['+8816123456789', 'satellite'],
    ['+870773111632', 'satellite'],
    ['+8823421234', 'satellite'],
    ['+883510012345678', 'satellite'],
    ['+80012345678', 'satellite'],
    ['+88812345678901', 'satellite'],
    ['1415', 'short'],
    ['112', 'emergency'],
    ['911', 'emergency'],
    ['100', 'emergency'],
    ['+447640123456', 'not_dialable'],
    ['+447012345678', 'not_dialable'],
    ['+18002345678', 'not_dialable'],
    ['+971600512345', 'not_dialable'],
  ])('refuses %s as %s: live, in the sandbox, and with all countries permitted', (number, refusal) => {
    for (const permitted of [home, everywhere, sandbox]) expect(judge(number, permitted)).toBe(refusal);
  });

  it('permits the home country alone unless the account says otherwise', () => {
    expect(judge('9851023212', home)).toBeNull();
    expect(judge('01-4567890', home)).toBeNull();
    expect(judge('+919812345678', home)).toBe('country');
  });

  it('permits the countries of the list and no others, home included', () => {
    const permitted = { home: 'NP', countries: ['IN', 'US'], live: true };
    expect(judge('+919812345678', permitted)).toBeNull();
    expect(judge('+14155552671', permitted)).toBeNull();
    expect(judge('+12505550199', permitted)).toBe('country');
    expect(judge('9851023212', permitted)).toBe('country');
    expect(judge('9851023212', { ...permitted, countries: [] })).toBe('country');
  });

  it('permits every country by *', () => {
    for (const number of ['9851023212', '+919812345678', '+12505550199', '+447400123456'])
      expect(judge(number, everywhere)).toBeNull();
  });

  it('asks no permission in the sandbox, which reaches nobody', () => {
    expect(judge('+919812345678', sandbox)).toBeNull();
    expect(judge('+919812345678', { ...sandbox, countries: [] })).toBeNull();
  });
});
