import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codeOf, numberOf, writeList, wrongCodeOf } from './codes.ts';

const SOME = [0, 1, 2, 299_999, 999_999, 29_999_999];

it.each(SOME)('the %i-th code has six digits, and its wrong one is another', (i) => {
  expect(codeOf(i)).toMatch(/^\d{6}$/);
  expect(wrongCodeOf(i)).toMatch(/^\d{6}$/);
  expect(wrongCodeOf(i)).not.toBe(codeOf(i));
});

it('codes of a million verifications are a million codes', () => {
  expect(new Set(Array.from({ length: 1_000_000 }, (_, i) => codeOf(i))).size).toBe(1_000_000);
});

it('a list has a line for each code, all equally long', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'passbell-list-'));
  try {
    await writeList(join(dir, 'list'), 1_000, numberOf, codeOf);
    const lines = (await readFile(join(dir, 'list'), 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines[7]).toBe(`${numberOf(7)} ${codeOf(7)}`);
    expect(lines).toHaveLength(1_000);
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
  } finally {
    await rm(dir, { recursive: true });
  }
});
