import type { Random } from '../../../../values/random.ts';
import type { SrvRecord } from './resolver.ts';

/**
 * The order in which a service's hosts are tried: by priority, and among equals by a draw in which each weight is a share
 * (RFC 2782, "Usage rules": those of weight 0 first, so that they have a small chance).
 */
export function srvOrder(records: readonly SrvRecord[], random: Random): SrvRecord[] {
  const left = records.toSorted((a, b) => a.priority - b.priority || Math.sign(a.weight) - Math.sign(b.weight));
  const ordered: SrvRecord[] = [];
  while (left.length > 0) {
    const [first] = left;
    const equals = left.filter(({ priority }) => priority === first?.priority);
    const drawn = draw(equals, random);
    ordered.push(drawn);
    left.splice(left.indexOf(drawn), 1);
  }
  return ordered;
}

function draw(equals: readonly SrvRecord[], random: Random): SrvRecord {
  const sum = equals.reduce((total, { weight }) => total + weight, 0);
  let mark = random.below(sum + 1);
  for (const record of equals) {
    if (record.weight >= mark) return record;
    mark -= record.weight;
  }
  throw new RangeError('A draw beyond the sum of the weights.');
}
