import { afterEach, describe, expect, it } from 'vitest';
import { openRig } from '../accounts/rig.ts';
import { PassbellError } from '../errors.ts';
import { silentLog } from '../observe/log.ts';
import type { AcceptRequest } from '../rules/accept.ts';
import { request, startOf } from '../store/contract/samples.ts';
import type { Store } from '../store/store.ts';
import type { Cargo } from './cargo.ts';
import { delivery } from './delivery.ts';
import type { Uplinks } from './uplinks.ts';

const NODE = 'here';
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A delivery over an embedded store that commits what it is given, and then does not answer. */
async function stage() {
  const rig = await openRig();
  open.push(rig.close);
  const { store, vault, clock, random, ids } = rig;
  const { account } = await rig.account();
  await store.nodes.beat(NODE, 600_000);
  const silent: Store = {
    ...store,
    async accept(...of) {
      await store.accept(...of);
      throw new PassbellError('unavailable', { reason: 'store' });
    },
  };
  const none = { routes: () => [], onFree() {}, onOpen() {} } as unknown as Uplinks<never>;
  const told: string[] = [];
  const sending = delivery({
    ...{ store: silent, vault, clock, random, ids, log: silentLog, carriers: none, trunks: none },
    lease: { node: NODE, valid: () => true, start: async () => {}, stop: async () => {} },
    restoreCall: async () => null,
    onCallbacks: (due) => told.push(...due.map(({ event }) => event)),
  });
  sending.start();
  const cargo = { channel: 'sms', sms: {} } as unknown as Cargo;
  async function submit(over: Partial<AcceptRequest>): Promise<AcceptRequest> {
    const one = request(account.id, over);
    await expect(sending.submit(one, cargo)).rejects.toMatchObject({ code: 'unavailable' });
    return one;
  }
  const stateOf = async ({ otpId }: AcceptRequest) => (await store.otps.get(account.id, otpId))?.delivery.state;
  const held = async () => (await store.credits.balances(account.id)).sms.held;
  return { store, account, submit, stateOf, held, told };
}

describe('a send whose commit was not answered', () => {
  it('is undone where it happened all the same, and its credits come back', async () => {
    const { submit, stateOf, held } = await stage();
    const one = await submit({});
    await expect.poll(() => stateOf(one)).toBe('failed');
    expect(await held()).toBe(0);
  });

  it('ends the verification that it began: no further step is sent for it', async () => {
    const { store, account, submit, stateOf, held, told } = await stage();
    const steps = [
      { channel: 'sms', carrier: null, waitMs: 0 },
      { channel: 'voice', carrier: null, waitMs: 30_000 },
    ] as const;
    const one = await submit({ dialect: 'native', verification: startOf({ steps, callback: true }) });
    await expect.poll(() => stateOf(one)).toBe('failed');
    expect((await store.verifications.get(account.id, one.otpId))?.state).toBe('canceled');
    expect(told).toEqual(['verification.canceled']);
    expect(await held()).toBe(0);
  });

  it('stays under its key: who asks again gets what stands there, and it is sent', async () => {
    const { store, account, submit, stateOf, held } = await stage();
    const replay = { key: 'live:k', bodyDigest: 'b', keepMs: 86_400_000, answerSealed: 'the answer' };
    const keyed = await submit({ dialect: 'native', verification: startOf(), replay });
    const plain = await submit({});
    await expect.poll(() => stateOf(plain)).toBe('failed');
    expect([await stateOf(keyed), await held()]).toEqual(['queued', 1]);
    const again = { ...request(account.id), dialect: 'native', verification: startOf(), replay } as const;
    const [verdict] = await store.accept([again], NODE, again.createdAt);
    expect(verdict).toMatchObject({ accepted: true, fresh: false, answerSealed: 'the answer' });
  });
});
