import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

/** The same value with the fields of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, turned(field)]);
  return Object.fromEntries(fields.toReversed());
}

it('is the same in whatever order fields come, and JSON of the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(turned(value))).toBe(text);
      expect(isDeepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)))).toBe(true);
    }),
  );
});

it('tells apart what differs, also in the order of a list', () => {
  const values = [undefined, null, {}, [], '', 0, '0', [1, 2], [2, 1], { a: 1 }, { a: '1' }, { b: 1 }, { a: { b: 1 } }];
  expect(new Set(values.map(canonicalJson)).size).toBe(values.length);
});
