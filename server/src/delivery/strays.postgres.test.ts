import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LossyCommit, startLossyCommit } from '../../../e2e/peers/lossy-commit.ts';
import { need } from '../../../e2e/peers/need.ts';
import { type PostgresPeer, startPostgres } from '../../../e2e/peers/postgres.ts';
import { silentLog } from '../observe/log.ts';
import { defaultAccount, NOW, newId, outcome, request, startOf } from '../store/contract/samples.ts';
import { openPostgres } from '../store/postgres/store.ts';
import type { Store } from '../store/store.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { strays } from './strays.ts';

const HOUR_MS = 3_600_000;
const LATER = NOW + 24 * HOUR_MS;
const LOST = { code: 'unavailable', detail: { reason: 'store' } };

describe.runIf(need('postgresql'))('a commit whose answer is lost', () => {
  let server: PostgresPeer;
  let road: LossyCommit;
  let here: Store;
  let other: Store;
  /** A name for each test: what one leaves with its node is not found by another. */
  let node: string;

  beforeAll(async () => {
    server = await startPostgres();
    road = await startLossyCommit(server.url);
    here = await openPostgres({ databaseUrl: road.url, clock: new ManualClock() });
    other = await openPostgres({ databaseUrl: server.url, clock: new ManualClock() });
    await other.nodes.beat('other', HOUR_MS);
  }, 60_000);
  beforeEach(async () => {
    node = newId();
    await here.nodes.beat(node, HOUR_MS);
  });
  afterAll(async () => {
    await here?.close();
    await other?.close();
    await road?.stop();
    await server?.stop();
  }, 60_000);

  async function account(): Promise<string> {
    const one = defaultAccount();
    await other.accounts.create(one);
    await other.credits.grant({ accountId: one.id, id: newId(), pool: 'sms', amount: 100, note: null, at: NOW });
    return one.id;
  }

  /** What `ask` asks of this node's store is done, and the node does not hear of it. */
  async function lose(said: RegExp, ask: () => Promise<unknown>): Promise<void> {
    const before = here.doubts;
    const lost = road.loseAnswerAfter(said);
    await expect(ask()).rejects.toMatchObject(LOST);
    await lost;
    expect(here.doubts).toBeGreaterThan(before);
  }

  /** What anybody can claim, ids alone. Both nodes are alive, so that is what is nobody's. */
  async function claimable(): Promise<string[]> {
    const deliveries = [...(await here.claim(node, 100)), ...(await other.claim('other', 100))];
    const callbacks = [
      ...(await here.callbacks.claim(node, LATER, 100)),
      ...(await other.callbacks.claim('other', LATER, 100)),
    ];
    return [...deliveries.map(({ deliveryId }) => deliveryId), ...callbacks.map(({ id }) => id)];
  }

  /** Two looks of a node that remembers nothing. */
  async function lookTwice(): Promise<void> {
    const nothing = { holds: () => () => false };
    const lease = { node, valid: () => true };
    const clock = new ManualClock();
    const chore = strays({ store: here, lease, deliveries: nothing, callbacks: nothing, clock, log: silentLog });
    await chore.look();
    await chore.look();
  }

  async function expectFreed(...ids: string[]): Promise<void> {
    // The control: without the chore nobody ever takes them.
    expect(await claimable()).toEqual([]);
    await lookTwice();
    expect(await claimable()).toEqual(ids);
  }

  it('strands no code that was accepted', async () => {
    const one = request(await account());
    await lose(/deliveries/, () => here.accept([one], node, NOW));
    await expectFreed(one.deliveryId);
  });

  it('strands no code that was taken over, nor counts it as handed over once more', async () => {
    const one = request(await account());
    await other.accept([one], newId(), NOW);
    await lose(/handovers/, () => here.claim(node, 100));
    expect(await claimable()).toEqual([]);
    await lookTwice();
    expect(await other.claim('other', 100)).toMatchObject([{ deliveryId: one.deliveryId, handovers: 1 }]);
  });

  it('leaves nobody untold how a message ended', async () => {
    const one = request(await account(), { callback: true });
    await here.accept([one], node, NOW);
    const sent = outcome(one, node, [null], { kind: 'final', state: 'sent', reason: null });
    await lose(/deliveries/, () => here.settle([sent], [], node, NOW));
    // Said again it says nothing new, so that the callback is not owed anew either.
    expect(await here.settle([sent], [], node, NOW)).toEqual([{ kind: 'stale' }]);
    await expectFreed(`${one.deliveryId}.sent`);
  });

  it('leaves nobody untold how a verification ended', async () => {
    const accountId = await account();
    const one = request(accountId, { dialect: 'native', verification: startOf({ callback: true }) });
    await here.accept([one], 'other', NOW);
    const check = { kind: 'check', accountId, id: one.otpId, right: true, failures: [], replay: null } as const;
    await lose(/verifications/, () => here.verify([check], node, NOW));
    expect(await other.verifications.get(accountId, one.otpId)).toMatchObject({ state: 'approved' });
    await expectFreed(`${one.otpId}.approved`);
  });

  it('leaves no callback with a node that took it over and does not know', async () => {
    const id = `${newId()}.ping`;
    await other.callbacks.add(
      { accountId: await account(), id, subjectId: newId(), event: 'ping', createdAt: NOW },
      'own',
    );
    await lose(/SKIP LOCKED/, () => here.callbacks.claim(node, LATER, 100));
    await expectFreed(id);
  });

  it('can be said again where it said whom a callback is for', async () => {
    const accountId = await account();
    const one = request(accountId, { callback: true });
    await here.accept([one], node, NOW);
    await here.settle([outcome(one, node, [null], { kind: 'final', state: 'sent', reason: null })], [], node, NOW);
    const id = `${one.deliveryId}.sent`;
    const endpoint = newId();
    const spread = { accountId, id, node, receivers: ['own', endpoint] };
    await lose(/address callbacks/, () => here.callbacks.spread([spread]));
    expect(await here.callbacks.spread([spread])).toEqual([true]);
    const rows = await other.callbacks.after(accountId, { mode: 'live' }, 10, null);
    expect(rows.map(({ id, receiver }) => [id, receiver]).sort()).toEqual([
      [id, 'own'],
      [`${id}.${endpoint}`, endpoint],
    ]);
  });
});
