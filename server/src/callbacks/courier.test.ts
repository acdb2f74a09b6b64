import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it, test } from 'vitest';
import { PassbellError } from '../errors.ts';
import { jsonLog } from '../observe/json-log.ts';
import type { ClaimedCallback } from '../store/tables/callbacks.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { type AllowList, parseAllowList } from './allow-list.ts';
import type { CallbackContent, Compose } from './callback.ts';
import { claims } from './claims.ts';
import { courier } from './courier.ts';
import { guard } from './guard.ts';
import { type CallbackAnswer, type GuardedFetch, guardedFetch } from './guarded-fetch.ts';
import { loopbackReceiver, statusLine } from './loopback-receiver.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { WAITS_MS } from './retry-schedule.ts';
import { newSigningSecret } from './signing-secret.ts';

const secret = newSigningSecret(seededRandom(1));
const CONTENT: CallbackContent = {
  receiver: 'own',
  url: 'https://example.com/cb?token=t0ken',
  body: '{"a":1}',
  secrets: [secret],
};
const NEVER = new Promise<CallbackAnswer>(() => {});

interface Post {
  readonly href: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function status(code: number, retryAfter: string | null = null): CallbackAnswer {
  return { kind: 'answered', status: code, retryAfter };
}

/** A courier over an outbox in memory; `answer` stands for all receivers. */
function open(
  { compose, allow }: { compose?: Compose; allow?: AllowList } = {},
  real?: (clock: ManualClock) => GuardedFetch,
) {
  const clock = new ManualClock();
  const outbox = memoryOutbox();
  const lease = { node: 'n1', isValid: true, valid: () => lease.isValid };
  const posts: Post[] = [];
  const world = { answer: async (_post: Post): Promise<CallbackAnswer> => status(204), closed: false };
  const scripted: GuardedFetch = {
    post(url, headers, body) {
      const post = { href: url.href, headers, body };
      posts.push(post);
      return world.answer(post);
    },
    async close() {
      world.closed = true;
    },
  };
  let lines = '';
  const log = jsonLog({ write: (text) => (lines += text) }, clock, 'info');
  const deps = { outbox, lease, clock, random: seededRandom(5), log, allow: allow ?? listed('127.0.0.1') };
  const gone: string[] = [];
  const carrier = courier({
    ...deps,
    onGone: (accountId, receiver, { href }) => gone.push(`${accountId} ${receiver} ${href}`),
    fetch: real?.(clock) ?? scripted,
    compose: compose ?? (async (rows) => rows.map(() => [CONTENT])),
  });
  const claimer = claims({ ...deps, courier: carrier });
  /** As a commit of this node that made callbacks due. */
  const commit = (...ids: string[]) => {
    const rows = ids.map((id) => rowOf(id, clock.now()));
    outbox.add(rows, lease.node);
    carrier.take(rows.map((row) => ({ ...row, node: lease.node })));
  };
  return { clock, outbox, lease, posts, world, carrier, claimer, commit, gone, lines: () => lines };
}

function listed(text: string): AllowList {
  const read = parseAllowList(text);
  if ('fault' in read) throw new Error(read.fault);
  return read.value;
}

function rowOf(id: string, createdAt: number): ClaimedCallback {
  const fresh = { receiver: null, createdAt, attempts: 0 };
  return { accountId: 'account', id, subjectId: `d-${id}`, event: 'call.finished', ...fresh };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 10_000 && !condition(); i++) await new Promise((resolve) => setImmediate(resolve));
  expect(condition()).toBe(true);
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('courier', () => {
  test('delivers what a commit made due at once, signed, and writes it down', async () => {
    const { outbox, posts, carrier, commit } = open();
    commit('one', 'two.delivered');
    await until(() => carrier.stats.delivered === 2 && carrier.stats.held === 0);
    expect(posts.map((post) => post.headers['webhook-id'])).toEqual(['cb_one', 'cb_two_delivered']);
    expect(posts[0]).toMatchObject({ href: 'https://example.com/cb?token=t0ken', body: '{"a":1}' });
    expect(outbox.get('one')).toMatchObject({ state: 'delivered', status: 204, row: { attempts: 1 } });
  });

  test('ten tries by the table, each with the same id and its own time, and then it is given up', async () => {
    const { clock, outbox, posts, world, carrier, claimer, commit } = open();
    world.answer = async () => status(500);
    commit('one');
    const waits: number[] = [];
    for (let tries = 1; tries <= 10; tries++) {
      await until(() => outbox.results.length === tries && carrier.stats.held === 0);
      const { dueAt, state } = outbox.get('one') ?? { dueAt: 0, state: 'none' };
      if (state !== 'pending') break;
      waits.push(dueAt - clock.now());
      clock.advance(dueAt - clock.now() - 1);
      expect(await claimer.look()).toBe(0);
      clock.advance(1);
      expect(await claimer.look()).toBe(1);
    }
    expect(posts).toHaveLength(10);
    for (const [i, wait] of waits.entries())
      expect(Math.abs(wait / (WAITS_MS[i] ?? 0) - 1), `wait ${i}`).toBeLessThanOrEqual(0.1);
    expect(waits).toHaveLength(9);
    expect(new Set(posts.map((post) => post.headers['webhook-id']))).toEqual(new Set(['cb_one']));
    expect(new Set(posts.map((post) => post.headers['webhook-timestamp'])).size).toBe(10);
    expect(outbox.get('one')).toMatchObject({ state: 'given_up', status: 500, row: { attempts: 10 } });
    clock.advance(7 * 86_400_000);
    expect(await claimer.look()).toBe(0);
  });

  it.each([
    [status(200), 'delivered'],
    [status(299), 'delivered'],
    [status(301), 'pending'],
    [status(308), 'pending'],
    [status(404), 'pending'],
    [status(410), 'disabled'],
    [status(503), 'pending'],
    [{ kind: 'failed', reason: 'timeout' } as const, 'pending'],
    [{ kind: 'failed', reason: 'address_refused' } as const, 'pending'],
  ])('%j leaves it %s', async (answer, state) => {
    const { outbox, world, commit, gone } = open();
    world.answer = async () => answer;
    commit('one');
    await until(() => outbox.results.length === 1);
    expect(outbox.get('one')).toMatchObject({ state, status: answer.kind === 'answered' ? answer.status : null });
    // Only a receiver that says so is switched off.
    expect(gone).toHaveLength(state === 'disabled' ? 1 : 0);
  });

  test('Retry-After postpones the next try, and holds back what else waits for the receiver', async () => {
    const { clock, outbox, posts, world, carrier, commit } = open();
    world.answer = async () => status(429, '40');
    commit('one');
    await until(() => outbox.results.length === 1);
    expect((outbox.get('one')?.dueAt ?? 0) - clock.now()).toBe(40_000);
    world.answer = async () => status(200);
    commit('two');
    await until(() => carrier.stats.waiting === 1);
    clock.advance(39_999);
    expect(posts).toHaveLength(1);
    clock.advance(1);
    await until(() => outbox.get('two')?.state === 'delivered');
  });

  test('a receiver that hangs holds up no other', async () => {
    const compose: Compose = async (rows) =>
      rows.map(({ id }) => [
        { ...CONTENT, url: id.startsWith('slow') ? 'https://slow.example/' : 'https://fast.example/' },
      ]);
    const { outbox, world, carrier, commit } = open({ compose });
    world.answer = (post) => (post.href.includes('slow') ? NEVER : Promise.resolve(status(204)));
    commit(...Array.from({ length: 500 }, (_, i) => `slow${i}`));
    commit(...Array.from({ length: 500 }, (_, i) => `fast${i}`));
    await until(() => carrier.stats.delivered === 500);
    expect(carrier.stats).toMatchObject({ inFlight: 64, waiting: 436 });
    expect(outbox.get('slow0')?.state).toBe('pending');
  });

  test('what has no room is left to be claimed, and is delivered then', async () => {
    const { clock, outbox, world, carrier, claimer, commit } = open();
    const answer = Promise.withResolvers<CallbackAnswer>();
    world.answer = () => answer.promise;
    commit(...Array.from({ length: 3_000 }, (_, i) => `id${i}`));
    await until(() => carrier.stats.putOff === 3_000 - 2_048 - 64);
    world.answer = async () => status(204);
    answer.resolve(status(204));
    await until(() => carrier.stats.held === 0);
    clock.advance(60_000);
    while ((await claimer.look()) > 0) await until(() => carrier.stats.held === 0);
    expect(carrier.stats.delivered).toBe(3_000);
    expect(outbox.get('id2999')).toMatchObject({ state: 'delivered', row: { attempts: 1 } });
  });

  test('content that is gone ends it, and so does a receiver that was switched off', async () => {
    const compose: Compose = async (rows) => rows.map(({ id }) => (id === 'gone' ? null : []));
    const { outbox, posts, carrier, commit, lines } = open({ compose });
    commit('gone');
    const row = { ...rowOf('off', 0), receiver: 'own' };
    outbox.add([row], 'n1');
    carrier.take([{ ...row, node: 'n1' }]);
    await until(() => outbox.results.length === 2);
    expect([outbox.get('gone')?.state, outbox.get('off')?.state]).toEqual(['given_up', 'disabled']);
    expect(posts).toEqual([]);
    expect(lines()).toContain('callback_disabled');
  });

  test('what nobody wants is forgotten without a word', async () => {
    const { outbox, posts, carrier, commit, lines } = open({ compose: async (rows) => rows.map(() => []) });
    commit('one');
    await until(() => outbox.results.length === 1 && carrier.stats.held === 0);
    expect([outbox.get('one'), posts, lines(), carrier.stats.disabled]).toEqual([undefined, [], '', 0]);
  });

  test('a URL that must not be called counts as a failed try and is never called', async () => {
    const { outbox, posts, commit } = open({
      compose: async (rows) => rows.map(() => [{ ...CONTENT, url: 'http://10.0.0.1/' }]),
    });
    commit('one');
    await until(() => outbox.results.length === 1);
    expect(outbox.get('one')).toMatchObject({ state: 'pending', row: { attempts: 1 } });
    expect(posts).toEqual([]);
  });

  test('a row that cannot be made or signed spoils no other, and does not come back for ever', async () => {
    const compose: Compose = async (rows) => {
      if (rows.some(({ id }) => id === 'poison')) throw new Error('cannot be read');
      return rows.map(({ id }) => [id === 'unsigned' ? { ...CONTENT, secrets: [] } : CONTENT]);
    };
    const { outbox, commit, lines } = open({ compose });
    commit('one', 'poison', 'unsigned', 'two');
    await until(() => outbox.results.length === 4);
    expect(['one', 'two'].map((id) => outbox.get(id)?.state)).toEqual(['delivered', 'delivered']);
    for (const id of ['poison', 'unsigned'])
      expect(outbox.get(id)).toMatchObject({ state: 'pending', row: { attempts: 1 } });
    expect(lines()).toContain('callback_not_composed');
  });

  test('places that come free without an answer are taken at once', async () => {
    const { outbox, world, carrier, commit } = open();
    world.answer = () => Promise.reject(new Error('broken'));
    commit(...Array.from({ length: 200 }, (_, i) => `id${i}`));
    await until(() => outbox.results.length === 200 && carrier.stats.held === 0);
  });

  test('a store that is away is asked again, for content and for results', async () => {
    let [composed, saved] = [0, 0];
    const away = () => Promise.reject(new PassbellError('unavailable', { reason: 'store' }));
    const compose: Compose = async (rows) => (++composed < 4 ? away() : rows.map(() => [CONTENT]));
    const { clock, outbox, posts, carrier, commit } = open({ compose });
    const settle = outbox.settle;
    Object.assign(outbox, { settle: (...args: Parameters<typeof settle>) => (++saved < 4 ? away() : settle(...args)) });
    commit('one');
    for (let i = 0; i < 10; i++) {
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      clock.advance(250);
    }
    await until(() => carrier.stats.held === 0);
    expect([composed, saved, posts.length]).toEqual([4, 4, 1]);
    expect(outbox.get('one')?.state).toBe('delivered');
  });
});

describe('what is held', () => {
  test('is each row until its result is saved, and under its own lease', async () => {
    const { outbox, world, carrier, commit } = open();
    const [answer, saving] = [Promise.withResolvers<CallbackAnswer>(), Promise.withResolvers<void>()];
    world.answer = () => answer.promise;
    const settle = outbox.settle;
    const slow = (...args: Parameters<typeof settle>) => saving.promise.then(() => settle(...args));
    Object.assign(outbox, { settle: slow });
    commit('one');
    expect([carrier.holds('n1')('one'), carrier.holds('n1')('two'), carrier.holds('n2')('one')]).toEqual([
      true,
      false,
      false,
    ]);
    answer.resolve(status(204));
    await until(() => carrier.stats.delivered === 1);
    expect(carrier.holds('n1')('one')).toBe(true);
    saving.resolve();
    await until(() => carrier.stats.held === 0);
    expect(carrier.holds('n1')('one')).toBe(false);
  });

  test('is a copy as soon as it may be written, and not for being a copy of one that is held', async () => {
    const compose: Compose = async (rows) => rows.map(() => [CONTENT, { ...CONTENT, receiver: 'b' }]);
    const { outbox, world, carrier, commit } = open({ compose });
    world.answer = ({ headers }) => (headers['webhook-id'] === 'cb_one' ? NEVER : Promise.resolve(status(204)));
    const answered = Promise.withResolvers<void>();
    const spread = outbox.spread;
    Object.assign(outbox, {
      spread: async (...args: Parameters<typeof spread>) => {
        const written = await spread(...args);
        await answered.promise;
        return written;
      },
    });
    commit('one');
    await until(() => outbox.get('one.b') !== undefined);
    const held = () => ['one', 'one.b', 'two.b'].filter(carrier.holds('n1'));
    expect(held()).toEqual(['one', 'one.b']);
    answered.resolve();
    await until(() => outbox.get('one.b')?.state === 'delivered' && carrier.stats.held === 1);
    expect(held()).toEqual(['one']);
  });
});

describe('leases', () => {
  test('nothing leaves without one, and everything once it is back', async () => {
    const { lease, posts, carrier, commit } = open();
    lease.isValid = false;
    commit('one');
    await until(() => carrier.stats.waiting === 1);
    expect(posts).toEqual([]);
    lease.isValid = true;
    carrier.pump();
    await until(() => carrier.stats.delivered === 1);
  });

  test('what was held under a lost lease is dropped; another node sends it', async () => {
    const { outbox, lease, posts, carrier, claimer, commit } = open();
    lease.isValid = false;
    commit('one');
    await until(() => carrier.stats.waiting === 1);
    outbox.gone('n1');
    Object.assign(lease, { node: 'n2', isValid: true });
    carrier.pump();
    await until(() => carrier.stats.held === 0);
    expect(posts).toEqual([]);
    expect(await claimer.look()).toBe(1);
    await until(() => outbox.get('one')?.state === 'delivered');
    expect(posts).toHaveLength(1);
  });

  test('a node that stopped in mid-try is taken over: sent twice, under one id', async () => {
    const first = open();
    first.world.answer = () => NEVER;
    first.commit('one');
    await until(() => first.posts.length === 1);
    first.outbox.gone('n1');
    const [taken] = await first.outbox.claim('n2', first.clock.now(), 10);
    const second = open();
    second.lease.node = 'n2';
    second.carrier.take([{ ...(taken ?? rowOf('none', 0)), node: 'n2' }]);
    await until(() => second.posts.length === 1);
    expect(second.posts[0]?.headers['webhook-id']).toBe(first.posts[0]?.headers['webhook-id']);
  });

  test('due callbacks are looked for each second, and at once behind a full claim', async () => {
    const { clock, outbox, carrier, claimer } = open();
    outbox.add(
      Array.from({ length: 600 }, (_, i) => rowOf(`id${i}`, clock.now())),
      null,
    );
    claimer.start();
    await until(() => carrier.stats.delivered === 500 && carrier.stats.held === 0);
    clock.advance(50);
    await until(() => carrier.stats.delivered === 600);
    outbox.add([rowOf('late', clock.now())], null);
    await until(() => carrier.stats.held === 0);
    clock.advance(999);
    expect(outbox.get('late')?.state).toBe('pending');
    clock.advance(1);
    await until(() => outbox.get('late')?.state === 'delivered');
    claimer.stop();
    outbox.add([rowOf('later', clock.now())], null);
    clock.advance(60_000);
    expect(outbox.get('later')?.node).toBeNull();
  });
});

describe('stopping', () => {
  test('waits for what is under way, sends nothing more, and saves what came', async () => {
    const { outbox, posts, world, carrier, commit } = open();
    const answer = Promise.withResolvers<CallbackAnswer>();
    world.answer = () => answer.promise;
    commit(...Array.from({ length: 65 }, (_, i) => `id${i}`));
    await until(() => posts.length === 64);
    const drained = carrier.drain(5_000);
    answer.resolve(status(204));
    await drained;
    expect([posts.length, outbox.results.length, world.closed]).toEqual([64, 64, true]);
    expect(outbox.get('id64')).toMatchObject({ state: 'pending', node: 'n1' });
  });

  test('what is still under way after the grace is broken off, and neither failed nor delivered', async () => {
    const { clock, outbox, posts, world, carrier, commit } = open();
    const answer = Promise.withResolvers<CallbackAnswer>();
    world.answer = () => answer.promise;
    commit('one');
    await until(() => posts.length === 1);
    const drained = carrier.drain(5_000);
    clock.advance(5_000);
    await drained;
    answer.resolve({ kind: 'failed', reason: 'broken' });
    await until(() => carrier.stats.inFlight === 0);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(outbox.results).toEqual([]);
    expect(outbox.get('one')).toMatchObject({ state: 'pending', node: 'n1' });
  });
});

test('no URL, body or secret is ever logged', async () => {
  const { outbox, world, carrier, commit, lines } = open();
  world.answer = async () => status(410);
  commit('one');
  world.answer = async () => Promise.reject(new Error('https://example.com/cb?token=t0ken {"a":1}'));
  commit('two');
  await until(() => outbox.results.length === 2 && carrier.stats.held === 0);
  expect(lines()).toContain('callback_not_sent');
  expect(lines()).not.toMatch(/t0ken|example\.com|"a":1|whsec/);
  expect(lines()).not.toContain(secret.reveal().slice(6));
});

test('over real sockets: 500, then 410 by a receiver that verifies, with one id', async () => {
  const answers = [statusLine(500), statusLine(410)];
  const receiver = await loopbackReceiver(({ socket }) => socket.write(answers.shift() ?? statusLine(200)));
  closing.push(receiver.close);
  const allow = listed('127.0.0.1');
  const real = (clock: ManualClock) =>
    guardedFetch({
      guard: guard({ allow, resolve: () => Promise.reject(new Error()), own: () => [] }),
      clock,
      userAgent: 'Passbell/test',
    });
  const compose: Compose = async (rows) =>
    rows.map(() => [{ ...CONTENT, url: `http://127.0.0.1:${receiver.port}/cb` }]);
  const { clock, outbox, carrier, claimer, commit } = open({ allow, compose }, real);
  closing.push(() => carrier.drain(0));
  // The library holds signatures against the real clock.
  clock.leap(Date.now() - clock.now());
  commit('one');
  await until(() => outbox.results.length === 1 && carrier.stats.held === 0);
  clock.advance((outbox.get('one')?.dueAt ?? 0) - clock.now());
  await claimer.look();
  await until(() => outbox.get('one')?.state === 'disabled');
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(['cb_one', 'cb_one']);
  for (const { headers, body } of receiver.received) {
    expect(new Webhook(secret.reveal()).verify(body, { ...headers })).toEqual({ a: 1 });
  }
});
