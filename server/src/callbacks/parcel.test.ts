import { describe, expect, test } from 'vitest';
import { silentLog } from '../observe/log.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { NOTHING_ALLOWED } from './allow-list.ts';
import type { CallbackContent, Compose, Outbox } from './callback.ts';
import { courier } from './courier.ts';
import type { CallbackAnswer, GuardedFetch } from './guarded-fetch.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { newSigningSecret } from './signing-secret.ts';

const CONTENT: CallbackContent = {
  receiver: 'endpoint',
  url: 'https://old.example/cb',
  body: '{"to":"+9779851023212"}',
  secrets: [newSigningSecret(seededRandom(1))],
};
const OK: CallbackAnswer = { kind: 'answered', status: 204, retryAfter: null };
const PAUSE: CallbackAnswer = { kind: 'answered', status: 429, retryAfter: '40' };

/** A courier whose receiver asked for a pause of 40 s, in which one callback waits for it. */
async function paused() {
  const clock = new ManualClock();
  const outbox = memoryOutbox();
  const lease = { node: 'n1', valid: () => true };
  const posts: string[] = [];
  /** Rows that were asked for, in order. */
  const read: string[] = [];
  /** Rows whose receiver was written down while they were under way. */
  const written: string[] = [];
  const world = {
    contents: [CONTENT] as readonly CallbackContent[] | null,
    answer: PAUSE,
    asked: async (): Promise<void> => {},
  };
  const compose: Compose = async (rows) => {
    read.push(...rows.map(({ id }) => id));
    await world.asked();
    return rows.map(() => world.contents);
  };
  const fetch: GuardedFetch = {
    async post({ href }, _headers, body) {
      posts.push(`${href} ${body}`);
      return world.answer;
    },
    close: async () => {},
  };
  const spread: Outbox['spread'] = (spreads) => {
    written.push(...spreads.map(({ id }) => id));
    return outbox.spread(spreads);
  };
  const deps = { outbox: { ...outbox, spread }, compose, fetch, lease, clock, random: seededRandom(5), log: silentLog };
  const carrier = courier({ ...deps, allow: NOTHING_ALLOWED, onGone: () => {} });
  const commit = async (id: string) => {
    const fresh = { receiver: null, createdAt: clock.now(), attempts: 0 };
    const row = { accountId: 'account', id, subjectId: 's', event: 'call.finished', ...fresh } as const;
    outbox.add([row], lease.node);
    carrier.take([{ ...row, node: lease.node }]);
    await settled();
  };
  const after = async (ms: number) => {
    clock.advance(ms);
    await settled();
  };
  await commit('first');
  world.answer = OK;
  await commit('waits');
  expect([posts.length, read, carrier.stats.waiting]).toEqual([1, ['first', 'waits'], 1]);
  posts.length = 0;
  return { clock, outbox, lease, posts, read, written, world, carrier, commit, after };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test('whom a callback is for is written down while it waits, and not of one that was sent at once', async () => {
  const { written, after } = await paused();
  await after(1_000);
  expect(written).toEqual(['waits']);
});

describe('a callback that waited', () => {
  test('is not sent when the lease ran out while it was read anew', async () => {
    const { lease, posts, world, after } = await paused();
    world.asked = async () => {
      lease.valid = () => false;
    };
    await after(40_000);
    expect(posts).toEqual([]);
  });

  test('is sent as things are by then', async () => {
    const { outbox, posts, read, world, after } = await paused();
    world.contents = [{ ...CONTENT, url: 'https://old.example/other', body: '{"to":null}' }];
    await after(40_000);
    expect(posts).toEqual(['https://old.example/other {"to":null}']);
    expect(read).toEqual(['first', 'waits', 'waits']);
    expect(outbox.get('waits')).toMatchObject({ state: 'delivered', row: { attempts: 1, receiver: 'endpoint' } });
  });

  test('goes by the new URL; where that is another host, at that one’s pace', async () => {
    const { posts, world, carrier, commit, after } = await paused();
    Object.assign(world, { contents: [{ ...CONTENT, url: 'https://new.example/cb' }], answer: PAUSE });
    await after(40_000);
    expect(posts).toEqual([`https://new.example/cb ${CONTENT.body}`]);
    await commit('next');
    expect([posts.length, carrier.stats.waiting]).toEqual([1, 1]);
  });

  test.each([
    ['its receiver was removed', [], 'disabled'],
    ['what it tells of is gone', null, 'given_up'],
    ['its new URL must not be called', [{ ...CONTENT, url: 'http://10.0.0.1/' }], 'pending'],
  ] as const)('is not sent once %s, and holds up nobody', async (_, contents, state) => {
    const { outbox, posts, world, carrier, commit, after } = await paused();
    world.contents = contents;
    await after(40_000);
    expect(posts).toEqual([]);
    expect(outbox.get('waits')).toMatchObject({ state, row: { receiver: 'endpoint' } });
    expect(carrier.stats).toMatchObject({ held: 0, inFlight: 0, waiting: 0 });
    world.contents = [CONTENT];
    await commit('next');
    expect(posts).toHaveLength(1);
  });

  test('is read anew once, however long the store takes for it', async () => {
    const { posts, read, world, carrier, after } = await paused();
    const answer = Promise.withResolvers<void>();
    world.asked = () => answer.promise;
    await after(40_000);
    expect([posts, carrier.stats.inFlight]).toEqual([[], 1]);
    await after(5_000);
    answer.resolve();
    await settled();
    expect([posts.length, read.length]).toEqual([1, 3]);
  });

  test('is another node’s where the lease was lost while it was read anew', async () => {
    const { outbox, lease, posts, world, carrier, after } = await paused();
    world.asked = async () => void Object.assign(lease, { node: 'n2' });
    await after(40_000);
    expect([posts, carrier.stats.held, outbox.get('waits')?.state]).toEqual([[], 0, 'pending']);
  });

  test('is left where it is when the service stops while it is read anew', async () => {
    const { outbox, posts, world, carrier, after } = await paused();
    const answer = Promise.withResolvers<void>();
    world.asked = () => answer.promise;
    await after(40_000);
    const drained = carrier.drain(5_000);
    answer.resolve();
    await drained;
    await settled();
    expect([posts, outbox.get('waits')?.state]).toEqual([[], 'pending']);
  });
});

test('a callback that leaves within a second is read once', async () => {
  const { posts, read, world, commit, after } = await paused();
  await after(40_000);
  read.length = 0;
  world.answer = { ...PAUSE, retryAfter: null };
  await commit('asks for a breath');
  world.answer = OK;
  await after(1);
  await commit('waits 999 ms');
  world.contents = [];
  await after(999);
  expect(read).toEqual(['asks for a breath', 'waits 999 ms']);
  expect(posts).toHaveLength(3);
});
