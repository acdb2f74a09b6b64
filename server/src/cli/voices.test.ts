import { expect, it } from 'vitest';
import { scriptedShell } from './scripted-shell.ts';

const { run } = scriptedShell();

it('lists the voices of a language, or of all', async () => {
  expect((await run('voices', '--language', 'ne')).out).toBe(
    [
      'NAME          LANGUAGE  GENDER  NUMBER  SHOWN AS',
      'np_rija       ne-NP     female       1  Rija',
      'np_shreegya   ne-NP     female       2  Shreegya',
      'np_prashanna  ne-NP     male         1  Prashanna',
      'np_binod      ne-NP     male         2  Binod',
      '',
    ].join('\n'),
  );
  const names = async (...argv: string[]) =>
    JSON.parse((await run('voices', ...argv, '--json')).out).data.map(({ name }: { name: string }) => name);
  expect(await names('--language', 'EN_gb')).toHaveLength(4);
  expect(await names('--language', 'en')).toHaveLength(8);
  expect((await names()).length).toBeGreaterThan(50);
});

it('says which languages there are', async () => {
  expect(await run('voices', '--language', 'e')).toMatchObject({
    ...{
      code: 1,
      out: '',
      err: expect.stringMatching(/^passbell: No voice speaks 'e'\. There are: en-GB, .*ne-NP\.\n$/),
    },
  });
});
