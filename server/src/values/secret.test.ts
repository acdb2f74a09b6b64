import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.ts';

const code = new Secret('canary-493817');

/** Every way a value reaches a log or an error without being asked for. */
const prints: Record<string, (secret: Secret) => string> = {
  'a template string': (secret) => `${secret}`,
  concatenation: (secret) => 'code '.concat(secret as unknown as string),
  String: (secret) => String(secret),
  'Array.join': (secret) => [secret, secret].join(),
  'JSON.stringify': (secret) => JSON.stringify({ deep: [{ secret }] }),
  'util.inspect': (secret) => inspect({ secret }, { depth: 9, showHidden: true }),
  'util.inspect without custom printing': (secret) => inspect(secret, { customInspect: false, showHidden: true }),
  'console format': (secret) => format('%s %o %O %j %i', secret, secret, secret, secret, secret),
  'an error message': (secret) => inspect(new Error(`bad code ${secret}`, { cause: secret })),
  'a spread': (secret) => inspect({ ...secret }),
  'object entries': (secret) =>
    inspect([Object.entries(secret), Object.getOwnPropertyNames(secret), Reflect.ownKeys(secret)]),
  'structured clone': (secret) => inspect(structuredClone(secret)),
};

describe('Secret', () => {
  it('gives its text when asked', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(new Secret(text).reveal()).toBe(text);
      }),
    );
  });

  it.each(Object.entries(prints))('does not print through %s', (_, print) => {
    const printed = print(code);
    expect(printed).not.toContain('canary');
    expect(printed).not.toContain('493817');
  });

  it('says that something was there', () => {
    expect(`${code}`).toBe('[redacted]');
    expect(JSON.stringify({ code })).toBe('{"code":"[redacted]"}');
    expect(inspect({ code })).toBe('{ code: [redacted] }');
  });
});
