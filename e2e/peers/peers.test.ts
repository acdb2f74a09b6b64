import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { need } from './need.ts';
import { PEERS, type Peer, whereIs } from './peers.ts';

const dir = mkdtempSync(join(tmpdir(), 'passbell-peers-'));
const peer = (...found: string[]): Peer => ({ package: 'p', why: 'w', found });

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

test('a peer is found on the path, at its place, or by a pattern', () => {
  const file = join(dir, 'bearerbox');
  writeFileSync(file, '');
  expect(whereIs(peer('bearerbox'), `/nowhere:${dir}`)).toBe(file);
  expect(whereIs(peer('bearerbox'), '/nowhere')).toBeNull();
  expect(whereIs(peer(file), '')).toBe(file);
  expect(whereIs(peer('/nowhere/x', join(dir, 'bearer*')), '')).toBe(file);
  expect(whereIs(peer(join(dir, 'other*')), '')).toBeNull();
});

test('a missing peer skips tests on a desk and fails them in CI', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  vi.stubEnv('PATH', '/nowhere');
  vi.stubEnv('CI', '');
  expect(PEERS.tshark.found).toEqual(['tshark']);
  expect(need('tshark')).toBe(false);
  expect(warn.mock.calls.flat().join()).toContain('apt-get install tshark');
  vi.stubEnv('CI', 'true');
  expect(() => need('tshark')).toThrow('apt-get install tshark');
});
