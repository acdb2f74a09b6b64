import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isError, PassbellError } from '../../errors.ts';
import { once } from './once.ts';
import type { Answer, Call } from './operation.ts';
import { servedNatively } from './rig.ts';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

const keysOf = async () => (await served.rig.account()).account.keys;
const withKey = (key: string) => ({ 'idempotency-key': key });
const countOf = async (key: string) => (await served.ask(key, 'GET /v1/keys?limit=100')).body.data.length;

describe('Idempotency-Key', () => {
  it('gives the stored answer to the same request for 24 hours', async () => {
    const { live } = await keysOf();
    const make = () => served.ask(live, 'POST /v1/keys', { name: 'once' }, withKey('a1'));
    const first = await make();
    const again = await make();
    expect(again.body).toEqual(first.body);
    expect(again.status).toBe(201);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(await countOf(live)).toBe(5);
    served.rig.clock.advance(24 * 3_600_000);
    expect((await make()).body.key).not.toBe(first.body.key);
  });

  it('refuses another request under the same key', async () => {
    const { live } = await keysOf();
    await served.ask(live, 'POST /v1/keys', { name: 'one' }, withKey('b1'));
    const others = [
      await served.ask(live, 'POST /v1/keys', { name: 'two' }, withKey('b1')),
      await served.ask(live, 'POST /v1/senders', { sender: 'Acme' }, withKey('b1')),
    ];
    for (const other of others) expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } });
    expect(await countOf(live)).toBe(5);
  });

  it('takes a request for the same whatever the order of its fields', async () => {
    const { live } = await keysOf();
    const first = await served.ask(live, 'POST /v1/keys', { name: 'one', mode: 'live' }, withKey('b2'));
    const again = await served.ask(live, 'POST /v1/keys', { mode: 'live', name: 'one' }, withKey('b2'));
    expect(again.body).toEqual(first.body);
  });

  it('takes a request without a body for the same as one with an empty one', async () => {
    const { live } = await keysOf();
    const rotate = (body?: object) => served.ask(live, 'POST /v1/callbacks/secrets', body, withKey('b3'));
    const first = await rotate();
    expect(await rotate({})).toMatchObject({ status: 200, body: first.body });
  });

  it('does the work once for requests at once', async () => {
    const { live } = await keysOf();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => served.ask(live, 'POST /v1/keys', { name: 'race' }, withKey('c1'))),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.key)).size).toBe(1);
    for (const answer of answers) {
      if (answer.status !== 201) expect(answer).toMatchObject({ status: 409, body: { code: 'idempotency_in_flight' } });
    }
    expect(await countOf(live)).toBe(5);
  });

  it('is free again after a refusal', async () => {
    const { live } = await keysOf();
    expect((await served.ask(live, 'POST /v1/keys', { name: '' }, withKey('d1'))).status).toBe(422);
    expect((await served.ask(live, 'POST /v1/keys', { name: 'fine' }, withKey('d1'))).status).toBe(201);
  });

  it('is apart for each account, and for test and live keys', async () => {
    const [mine, theirs] = [await keysOf(), await keysOf()];
    const body = { name: 'secret', mode: 'live' };
    const made = await served.ask(mine.live, 'POST /v1/keys', body, withKey('e1'));
    const foreign = await served.ask(theirs.live, 'POST /v1/keys', body, withKey('e1'));
    expect(foreign.body.key).not.toBe(made.body.key);
    const test = await served.ask(mine.test, 'POST /v1/keys', body, withKey('e1'));
    expect(test.status).toBe(403);
    expect(test.text).not.toContain(made.body.key);
  });

  it.each(['', 'with space', 'x'.repeat(256), 'é'])('refuses %j', async (key) => {
    const { live } = await keysOf();
    const answer = await served.ask(live, 'POST /v1/keys', { name: 'x' }, withKey(key));
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'Idempotency-Key' }] } });
  });

  it('is stored beside nothing that can be read or tried out', async () => {
    const { live } = await keysOf();
    const { store } = served.rig;
    const rows: string[] = [];
    const handler = once<null>(
      {
        ...served.rig,
        log: { info() {}, warn() {}, error() {} },
        store: {
          replays: {
            ...store.replays,
            begin(answer, now) {
              rows.push(JSON.stringify(answer));
              return store.replays.begin(answer, now);
            },
            finish(accountId, key, sealed) {
              rows.push(sealed);
              return store.replays.finish(accountId, key, sealed);
            },
          },
        },
      },
      () => ({ accountId: served.rig.ids(), realm: 'live' }),
      async () => ({ status: 201, body: { key: live } }),
    );
    await handler(call('f1', { password: 'hunter2' }));
    expect(rows).toHaveLength(2);
    expect(rows.join()).not.toMatch(new RegExp(`hunter2|${live}`));
  });
});

describe('after a failure in the middle', () => {
  const rig = () => ({ ...served.rig, log: { info() {}, warn() {}, error() {} } });

  it('the key stays taken: nobody knows what was done', async () => {
    const scope = { accountId: served.rig.ids(), realm: 'live' };
    const failing = once<null>(
      rig(),
      () => scope,
      () => Promise.reject(new PassbellError('unavailable', { reason: 'store' })),
    );
    await expect(failing(call('g1', {}))).rejects.toSatisfy((error) => isError(error, 'unavailable'));
    const working = once<null>(
      rig(),
      () => scope,
      async () => ({ status: 201 }),
    );
    await expect(working(call('g1', {}))).rejects.toSatisfy((error) => isError(error, 'idempotency_in_flight'));
  });

  it.each(['draining', 'overloaded', 'speech'] as const)(
    'that is known to have done nothing (%s) it is free',
    async (reason) => {
      const scope = { accountId: served.rig.ids(), realm: 'live' };
      const refusing = once<null>(
        rig(),
        () => scope,
        () => Promise.reject(new PassbellError('unavailable', { reason })),
      );
      await expect(refusing(call('g2', {}))).rejects.toSatisfy((error) => isError(error, 'unavailable'));
      const working = once<null>(
        rig(),
        () => scope,
        async () => ({ status: 201 }),
      );
      expect(await working(call('g2', {}))).toEqual({ status: 201 });
    },
  );

  it('to save the answer, the caller still gets it', async () => {
    const { store } = served.rig;
    const deps = {
      ...rig(),
      store: { replays: { ...store.replays, finish: () => Promise.reject(new Error('down')) } },
    };
    const handler = once<null>(
      deps,
      () => ({ accountId: served.rig.ids(), realm: 'live' }),
      async () => ({ status: 201 }),
    );
    expect(await handler(call('h1', {}))).toEqual({ status: 201 } satisfies Answer);
  });
});

function call(key: string, body: unknown): Call<null> {
  return {
    ...{ who: null, target: 'POST /v1/x', requestId: 'r1', params: {}, query: {}, body, header: () => key },
    ...{ signal: () => AbortSignal.abort(), identifyAgain: async () => null },
  };
}
