import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../server/src/observe/log.ts';
import { defaultAccount, NOW, newId } from '../../server/src/store/contract/samples.ts';
import { openStore } from '../../server/src/store/open.ts';
import { systemClock } from '../../server/src/values/clock.ts';
import { systemRandom } from '../../server/src/values/random.ts';
import { Secret } from '../../server/src/values/secret.ts';
import { loadKeys } from '../../server/src/vault/key-file.ts';
import { openVault } from '../../server/src/vault/open-vault.ts';
import { codeOf, wrongCodeOf } from '../checks/codes.ts';
import { seedVerifications } from './verifications.ts';

let dataDir = '';
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'passbell-seed-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

it('seeded verifications wait for their codes, and nothing is left to send', async () => {
  const keyFile = join(dataDir, 'keys.json');
  const keys = await loadKeys({ env: undefined, path: keyFile, create: true }, systemRandom(), silentLog);
  const vault = openVault(keys, systemRandom());
  const open = () => openStore({ dataDir, databaseUrl: null, clock: systemClock, serving: false });
  const account = defaultAccount();
  const before = await open();
  await before.accounts.create(account);
  const grant = { id: newId(), pool: 'sms', amount: 10, note: null, at: NOW } as const;
  await before.credits.grant({ accountId: account.id, ...grant });
  await before.close();

  const ids = await seedVerifications({ dataDir, databaseUrl: null, keyFile, keys: undefined }, account.id, 3);

  const store = await open();
  const whose = { accountId: account.id, mode: 'live', dialect: 'native' } as const;
  const found = await store.verifications.find(
    ids.map((id) => ({ ...whose, id })),
    Date.now(),
  );
  const fits = (code: (i: number) => string) =>
    found.map(
      (facts, i) =>
        facts?.codeDigest &&
        vault.verifyCode(account.id, facts.id, facts.numberDigest, new Secret(code(i)), facts.codeDigest),
    );
  expect(fits(codeOf)).toEqual([true, true, true]);
  expect(fits(wrongCodeOf)).toEqual([false, false, false]);
  expect((await store.credits.balances(account.id)).sms).toEqual({ granted: 10, held: 0, captured: 3 });
  expect(await store.claim('another', 10)).toEqual([]);
  await store.close();
});
