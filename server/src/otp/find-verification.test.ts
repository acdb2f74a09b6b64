import { expect, it } from 'vitest';
import { ManualClock } from '../values/manual-clock.ts';
import { verificationFinder } from './find-verification.ts';

const QUERY = { accountId: 'acme', mode: 'test', dialect: 'native', numberDigest: 'digest', among: 'all' } as const;

it('refuses what comes while more wait than a store that keeps up leaves waiting', async () => {
  const find = verificationFinder({
    store: { verifications: { find: () => new Promise(() => {}) } },
    clock: new ManualClock(),
  });
  for (let i = 0; i < 20_001; i++) void find(QUERY);
  await expect(find(QUERY)).rejects.toMatchObject({ code: 'unavailable', detail: { reason: 'overloaded' } });
});

it('asks the store for no id that is none', async () => {
  const find = verificationFinder({
    store: { verifications: { find: () => Promise.reject(new Error('invalid input syntax for type uuid')) } },
    clock: new ManualClock(),
  });
  expect(await find({ ...QUERY, id: 'no-uuid' })).toBeNull();
});
