import type { TSchema } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import { parseSmppConfig } from '../sms/smpp/config.ts';
import { parseTrunkConfig } from '../voice/calls/sip/trunk-config.ts';
import { carrierBody } from './carrier-schema.ts';
import { trunkBody } from './trunk-schema.ts';

/** Read before the settings are: these are of all uplinks. */
const COMMON = ['priority', 'enabled'];

/** The names that a parser looks for, whatever it makes of their absence. */
function namesRead(parse: (json: unknown) => unknown): string[] {
  const names = new Set<string>();
  const json = new Proxy(
    {},
    {
      getOwnPropertyDescriptor(_, name) {
        names.add(String(name));
        return undefined;
      },
    },
  );
  parse(json);
  return [...names].sort();
}

function fieldsOf(schema: TSchema): string[] {
  return Object.keys(schema['properties'] as object)
    .filter((name) => !COMMON.includes(name))
    .sort();
}

describe('the document has the settings that are read, and no other,', () => {
  it('of carriers', () => {
    expect(fieldsOf(carrierBody)).toEqual(namesRead(parseSmppConfig));
  });

  it('of trunks', () => {
    // Read where there is a user alone.
    expect(fieldsOf(trunkBody)).toEqual(namesRead(parseTrunkConfig));
  });
});
