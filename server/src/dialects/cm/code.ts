import { Secret } from '../../values/secret.ts';
import type { Cast } from './cast.ts';

const LONGEST = 64;

/** The caller's own code, kept exactly as it is. A fault never repeats it. */
export const code: Cast<Secret> = (value) => {
  if (value === undefined || value === null || value === '') return { fault: 'is required: the code to be read out' };
  if (typeof value === 'number') {
    return { fault: 'must be a string, as in "012345": a JSON number loses its leading zeros' };
  }
  if (typeof value !== 'string') return { fault: 'must be a string, as in "012345"' };
  if (value.length > 2 * LONGEST || [...value].length > LONGEST) {
    return { fault: `must have 1 to ${LONGEST} characters` };
  }
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(value)) {
    return { fault: 'must hold characters that can be read out: remove control characters and invisible ones' };
  }
  if (value.trim() === '') return { fault: 'must hold more than spaces' };
  return { value: new Secret(value) };
};
