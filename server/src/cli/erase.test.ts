import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../observe/log.ts';
import { outcome, request, startOf } from '../store/contract/samples.ts';
import { idSource } from '../values/id.ts';
import { systemRandom } from '../values/random.ts';
import { loadKeys } from '../vault/key-file.ts';
import { openVault } from '../vault/open-vault.ts';
import type { Vault } from '../vault/vault.ts';
import { scriptedShell } from './scripted-shell.ts';
import { type ServedOnce, servedOnce } from './served-once.ts';

let served: ServedOnce;
let vault: Vault;
const { run, clock } = scriptedShell({ openStore: (options) => served.openStore(options) });
const passbell = (...argv: string[]) => run(...argv, '--data', served.data);

beforeAll(async () => {
  served = await servedOnce(clock);
  const random = systemRandom();
  const keys = { env: undefined, path: join(served.data, 'keys.json'), create: false };
  vault = openVault(await loadKeys(keys, random, silentLog), random);
});
afterAll(() => served.close());

const ids = idSource(clock, systemRandom());

async function sent(verification = startOf()) {
  const accountId = served.first.account.id;
  const about = { otpId: ids(), deliveryId: ids(), createdAt: clock.now(), expiresAt: clock.now() + 300_000 };
  const numberDigest = vault.numberDigest(accountId, '+9779851023212');
  const one = request(accountId, { ...about, numberDigest, dialect: 'native', verification });
  await served.store.accept([one], 'me', clock.now());
  return one;
}

describe('passbell erase', () => {
  it('says so when there is nothing', async () => {
    expect((await passbell('erase', '--to', '9851023212')).out).toBe(
      'owner@example.com kept nothing of that number.\n',
    );
  });

  it('waits for what is on its way, then erases all of it, and cancels what runs', async () => {
    const one = await sent();
    const early = await passbell('erase', '--to', '+977 985-1023212');
    expect(early).toMatchObject({ code: 1, err: expect.stringContaining('on its way') });
    await served.store.settle([outcome(one, 'me', [ids()])], [], 'me', clock.now());
    const second = await sent();
    await served.store.settle([outcome(second, 'me', [ids()])], [], 'me', clock.now());

    const { code, out } = await passbell('erase', '--to', '9851023212', '--json');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        ...{ account_id: one.accountId, canceled: 1, sends: 2, verifications: 2, calls: 0 },
        ...{ handset_messages: 0, handset_calls: 0 },
      },
    ]);
    const left = await served.store.verifications.get(one.accountId, second.otpId);
    expect(left).toMatchObject({ state: 'canceled', numberSealed: null, numberDigest: '' });
    const [row] = await served.store.audit.list({}, 1, null);
    expect(row).toMatchObject({ actor: 'cli', action: 'number.erase', detail: { canceled: 1, sends: 2 } });
  });

  it('refuses what is no number', async () => {
    const { code, err } = await passbell('erase', '--to', 'Alice');
    expect([code, err]).toEqual([2, expect.stringContaining('--to')]);
  });
});
