import { describe, expect, it, test } from 'vitest';
import { silentLog } from '../observe/log.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { NOTHING_ALLOWED } from './allow-list.ts';
import type { CallbackContent, Outbox } from './callback.ts';
import { claims } from './claims.ts';
import { courier } from './courier.ts';
import type { GuardedFetch } from './guarded-fetch.ts';
import { type MemoryOutbox, memoryOutbox } from './memory-outbox.ts';
import { newSigningSecret } from './signing-secret.ts';

const RECEIVERS = ['own', 'a', 'b'];
const DUE = { accountId: 'account', id: 'one', subjectId: 's', event: 'call.finished', createdAt: 0 } as const;
const NEVER = new Promise<never>(() => {});
const secrets = [newSigningSecret(seededRandom(1))];

async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Several receivers, an outbox between them, and nodes that may die at any of the steps by which they touch either. */
function world(receivers: readonly string[] = RECEIVERS) {
  const outbox = memoryOutbox();
  const clock = new ManualClock();
  /** The webhook ids that each receiver was sent, in order. */
  const heard = new Map<string, string[]>(receivers.map((receiver) => [receiver, []]));
  const contents: CallbackContent[] = receivers.map((receiver) => {
    return { receiver, url: `https://${receiver}.example/`, body: '{}', secrets };
  });

  /** @param lives how many steps the node makes: at the one after, its process is gone, with that step done or not */
  function node(name: string, spread: Outbox['spread'], lives = Number.POSITIVE_INFINITY, done = false) {
    let steps = 0;
    async function step<T>(work: () => Promise<T>): Promise<T> {
      steps += 1;
      if (steps > lives + 1 || (steps > lives && !done)) return NEVER;
      const answer = await work();
      return steps > lives ? NEVER : answer;
    }
    const fetch: GuardedFetch = {
      post: ({ host }, headers) =>
        step(async () => {
          heard.get(host.replace('.example', ''))?.push(headers['webhook-id'] ?? '');
          return { kind: 'answered', status: 204, retryAfter: null };
        }),
      close: async () => {},
    };
    const lease = { node: name, valid: () => true };
    const mine: Outbox = {
      claim: outbox.claim,
      spread: (spreads) => step(() => spread(spreads)),
      settle: (results, now) => step(() => outbox.settle(results, now)),
    };
    const deps = { outbox: mine, lease, clock, random: seededRandom(5), log: silentLog, allow: NOTHING_ALLOWED };
    const compose = async (rows: Parameters<Parameters<typeof courier>[0]['compose']>[0]) =>
      rows.map((row) => contents.filter(({ receiver }) => row.receiver === null || row.receiver === receiver));
    const carrier = courier({ ...deps, compose, fetch, onGone: () => {} });
    return { carrier, claimer: claims({ ...deps, courier: carrier }), steps: () => steps };
  }

  /** A commit of a node makes one callback due; it dies after `lives` steps, and another one takes over what it left. */
  async function crash(spread: Outbox['spread'], lives: number, done: boolean): Promise<void> {
    outbox.add([{ ...DUE, receiver: null, attempts: 0 }], 'n1');
    node('n1', spread, lives, done).carrier.take([{ ...DUE, receiver: null, attempts: 0, node: 'n1' }]);
    await settled();
    outbox.gone('n1');
    const second = node('n2', spread);
    await second.claimer.look();
    await settled();
  }

  return { outbox, clock, heard, node, crash };
}

const ids = ['one', 'one.a', 'one.b'];
const stateOf = (outbox: MemoryOutbox) => ids.map((id) => outbox.get(id)?.state);

test('each receiver is told under an id of its own, and has a row of its own', async () => {
  const { outbox, heard, node } = world();
  outbox.add([{ ...DUE, receiver: null, attempts: 0 }], 'n1');
  const { carrier } = node('n1', outbox.spread);
  carrier.take([{ ...DUE, receiver: null, attempts: 0, node: 'n1' }]);
  await settled();
  expect(Object.fromEntries(heard)).toEqual({ own: ['cb_one'], a: ['cb_one_a'], b: ['cb_one_b'] });
  expect(stateOf(outbox)).toEqual(['delivered', 'delivered', 'delivered']);
  expect(ids.map((id) => outbox.get(id)?.row.receiver)).toEqual(RECEIVERS);
  expect(carrier.stats).toMatchObject({ delivered: 3, held: 0 });
});

test('one receiver costs no further write, and its id is the one that it would have among others', async () => {
  const { outbox, heard, node } = world(['a']);
  outbox.add([{ ...DUE, receiver: null, attempts: 0 }], 'n1');
  const spread = async () => expect.fail('nothing to spread');
  node('n1', spread).carrier.take([{ ...DUE, receiver: null, attempts: 0, node: 'n1' }]);
  await settled();
  expect(heard.get('a')).toEqual(['cb_one_a']);
  expect(outbox.get('one')).toMatchObject({ state: 'delivered', row: { receiver: 'a' } });
});

test('a node whose row was taken over while it asked sends nothing', async () => {
  const { outbox, heard, node } = world();
  outbox.add([{ ...DUE, receiver: null, attempts: 0 }], 'n2');
  const { carrier } = node('n1', outbox.spread);
  carrier.take([{ ...DUE, receiver: null, attempts: 0, node: 'n1' }]);
  await settled();
  expect([...heard.values()].flat()).toEqual([]);
  expect(carrier.stats.held).toBe(0);
});

/** Whether every receiver was told, each under one id alone, and the outbox owes no more. */
function allTold({ heard, outbox }: ReturnType<typeof world>): boolean {
  const each = [...heard].every(([receiver, sent]) => {
    const id = receiver === 'own' ? 'cb_one' : `cb_one_${receiver}`;
    return sent.length > 0 && sent.every((one) => one === id);
  });
  return each && stateOf(outbox).every((state) => state === 'delivered');
}

/** The steps of a node that is left alone: one commit for the rows, a request to each receiver, their results. */
const MOST_STEPS = 8;

describe('a node that dies', () => {
  it.each(
    Array.from({ length: MOST_STEPS }, (_, lives) => [
      { lives, done: false },
      { lives, done: true },
    ]).flat(),
  )('after $lives steps (the next done: $done) leaves nobody untold', async ({ lives, done }) => {
    const one = world();
    await one.crash(one.outbox.spread, lives, done);
    expect(allTold(one)).toBe(true);
  });

  it('leaves somebody untold where the rows are written one after the other', async () => {
    const outcomes: boolean[] = [];
    for (let lives = 0; lives < MOST_STEPS; lives++) {
      const one = world();
      const { outbox } = one;
      // The control: whom the row itself is for is said in one commit, and the copies follow in others.
      let written = 0;
      const naive: Outbox['spread'] = async ([spread]) => {
        const [first = '', ...others] = spread?.receivers ?? [];
        const told = await outbox.spread(spread ? [{ ...spread, receivers: [first] }] : []);
        for (const receiver of others) {
          written += 1;
          if (written > lives) return NEVER;
          const row = { ...DUE, id: `one.${receiver}`, receiver, attempts: 0 };
          outbox.add([row], spread?.node ?? null);
        }
        return told;
      };
      await one.crash(naive, MOST_STEPS, false);
      outcomes.push(allTold(one));
    }
    expect(outcomes).toContain(false);
    expect(outcomes.at(-1)).toBe(true);
  });
});
