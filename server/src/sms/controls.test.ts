import { expect, test } from 'vitest';
import { holdsControls, withoutControls } from './controls.ts';
import { DROPPED, SEPTETS } from './gsm7.ts';

test('what is left out here is what an encoder leaves out, of all that there is', () => {
  const units = Array.from(SEPTETS.keys());
  const dropped = units.filter((unit) => SEPTETS[unit] === DROPPED);
  expect(units.filter((unit) => holdsControls(String.fromCharCode(unit)))).toEqual(dropped);
  const all = String.fromCharCode(...units.slice(0, 0x100));
  expect(withoutControls(all)).toHaveLength(0x100 - dropped.length);
});
