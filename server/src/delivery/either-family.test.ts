import { expect, test } from 'vitest';
import { eitherFamily } from './either-family.ts';

const both = { v4: '0.0.0.0', v6: '::' };

function machine(code: string | null) {
  const asked: unknown[] = [];
  return {
    asked,
    async open(listen: typeof both | { readonly v4: string | null; readonly v6: string | null }) {
      asked.push(listen);
      if (listen.v6 !== null && code !== null) throw Object.assign(new Error('no'), { code });
      return listen;
    },
  };
}

test('a machine with both opens once', async () => {
  const { asked, open } = machine(null);
  expect(await eitherFamily(both, open)).toEqual(both);
  expect(asked).toHaveLength(1);
});

test('one without IPv6 opens on IPv4 alone', async () => {
  expect(await eitherFamily(both, machine('EAFNOSUPPORT').open)).toEqual({ v4: '0.0.0.0', v6: null });
});

test.each([
  ['EAFNOSUPPORT', { v4: null, v6: '::' }],
  ['EADDRINUSE', both],
])('%s on %j is passed on', async (code, listen) => {
  const { asked, open } = machine(code);
  await expect(eitherFamily(listen, open)).rejects.toMatchObject({ code });
  expect(asked).toHaveLength(1);
});
