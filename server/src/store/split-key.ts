/**
 * Takes a key of the rules' maps (`accountKey`, `balanceKey`, `partKey`) apart again: what stands before its first space, and
 * the rest. Account ids and carrier names hold no space.
 */
export function splitKey(key: string): [first: string, rest: string] {
  const space = key.indexOf(' ');
  return [key.slice(0, space), key.slice(space + 1)];
}
