import { expect, it } from 'vitest';
import { openVerificationRig, phoneNumber } from '../otp/verification-rig.ts';
import { numberEraser } from './erase-number.ts';

const NUMBER = phoneNumber('9851023212');

/** The rig, and an erasure between whose questions something may happen. */
async function stage() {
  const rig = await openVerificationRig();
  const account = await rig.account();
  const first = await rig.start(rig.request(account));
  await rig.fail(account.id, first.deliveryId);
  let looks = 0;
  let meanwhile = async (_: number): Promise<void> => {};
  const erasure: typeof rig.store.erasure = {
    ...rig.store.erasure,
    async underWay(accountId, digest) {
      const found = await rig.store.erasure.underWay(accountId, digest);
      looks += 1;
      await meanwhile(looks);
      return found;
    },
  };
  const cancel = (one: Parameters<Parameters<typeof numberEraser>[0]['cancel']>[0]) =>
    rig.verifications.cancel({ ...one, replay: null });
  const erase = numberEraser({ store: { erasure }, vault: rig.vault, audit: rig.audit, cancel });
  return {
    ...{ rig, account, first },
    erase: () => erase(account, NUMBER, { actor: 'system', requestId: null }),
    between: (act: (look: number) => Promise<void>) => {
      meanwhile = act;
    },
  };
}

it('leaves a verification that begins in the middle of it, says so, and is done when it is asked again', async () => {
  const { rig, account, first, erase, between } = await stage();
  const begun: string[] = [];
  between(async (look) => {
    if (look === 2) begun.push((await rig.start(rig.request(account))).id);
  });
  await expect(erase()).rejects.toMatchObject({ code: 'conflict', detail: { field: 'to' } });
  const [late = ''] = begun;
  const numberOf = async (id: string) => (await rig.store.verifications.get(account.id, id))?.numberSealed;
  expect(await numberOf(first.id)).toBeNull();
  expect(await numberOf(late)).not.toBeNull();
  expect(await rig.check(account, late, '012345')).toMatchObject({ kind: 'approved' });
  await rig.close();
});
