import { describe, expect, it } from 'vitest';
import { isError } from '../errors.ts';
import { systemRandom } from '../values/random.ts';
import { argonPasswords } from './password.ts';

const cheap = { memory: 8, passes: 1, parallelism: 1 };
const passwords = argonPasswords(systemRandom(), cheap);

describe('argonPasswords', () => {
  it('writes PHC strings at the cost given, and OWASP’s by default', async () => {
    expect(await passwords.hash('secret')).toMatch(
      /^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
    expect(await argonPasswords(systemRandom()).hash('secret')).toContain('$m=19456,t=2,p=1$');
  });

  it('verifies the right password alone', async () => {
    const hash = await passwords.hash('correct horse');
    expect(await passwords.verify('correct horse', hash)).toBe(true);
    expect(await passwords.verify('correct horsf', hash)).toBe(false);
    expect(await passwords.verify('', hash)).toBe(false);
  });

  it('salts: one password hashes differently each time', async () => {
    expect(await passwords.hash('same')).not.toBe(await passwords.hash('same'));
  });

  it('verifies hashes that other libraries made', async () => {
    // From the reference implementation (P-H-C/phc-winner-argon2, test.c): password "password", salt "somesalt".
    const hash = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await passwords.verify('password', hash)).toBe(true);
    expect(await passwords.verify('passwore', hash)).toBe(false);
  });

  it('takes a composed and a decomposed letter for the same', async () => {
    expect(await passwords.verify('cafe\u0301', await passwords.hash('caf\u00e9'))).toBe(true);
  });

  it.each([null, '', 'plain', '$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA'])(
    'denies everything to the hash %j',
    async (hash) => {
      expect(await passwords.verify('', hash)).toBe(false);
      expect(await passwords.verify('plain', hash)).toBe(false);
    },
  );

  it('refuses when too many wait, and serves all that it let in', async () => {
    const results = await Promise.allSettled(Array.from({ length: 80 }, () => passwords.hash('x')));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(80 - 52);
    expect(refused.every(({ reason }) => isError(reason, 'unavailable'))).toBe(true);
    expect(await passwords.hash('after the flood')).toContain('$argon2id$');
  });

  it('does not hash what nobody can have typed', async () => {
    const hash = await passwords.hash('');
    expect(await passwords.verify('x'.repeat(1_025), hash)).toBe(false);
  });
});
