import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { need } from './peers/need.ts';
import { type Answer, balance, call, openAccount, type TestAccount } from './service/api.ts';
import { type Cluster, startCluster } from './service/cluster.ts';
import { checkLedger, ledger } from './service/ledger.ts';
import { type Service, startService, temporaryFolder } from './service/service.ts';

/** One request under one `Idempotency-Key` has one effect, however often and on however many nodes it is made. */

type Body = Record<string, unknown>;

/** POSTs `body` under `name`; with an undefined name, without the header. */
function post(url: string, path: string, key: string, body: unknown, name?: string): Promise<Answer<Body>> {
  const headers: Record<string, string> = name === undefined ? {} : { 'idempotency-key': name };
  return call<Body>('POST', url + path, { key, body, headers });
}

const isReplay = ({ headers }: Answer<Body>) => headers.get('idempotent-replayed') === 'true';

/** Of answers to one request made many times at once: one did it, each other was given that answer or told to wait. */
function expectOneEffect(answers: readonly Answer<Body>[]): Body {
  const done = answers.filter(({ status }) => status === 201);
  for (const { status, body, headers } of answers) {
    if (status === 201) continue;
    expect([status, body['code'], headers.get('retry-after')]).toEqual([409, 'idempotency_in_flight', '1']);
  }
  expect(done.filter((answer) => !isReplay(answer))).toHaveLength(1);
  const [first] = done;
  for (const { body } of done) expect(body).toEqual(first?.body);
  return first?.body ?? {};
}

function newAccount(): Body {
  const login = `${crypto.randomUUID()}@example.com`;
  return { name: 'Once', login, country: 'NP', timezone: 'UTC', sms_credits: 5 };
}

/** What holds on one node and on several. */
function itDoesThingsOnce(nodes: () => readonly Service[]): void {
  let account: TestAccount;
  let admin: string;
  let url: string;
  let credits: string;
  beforeAll(async () => {
    const [first] = nodes() as [Service];
    url = first.url;
    admin = first.ready.admin_token ?? '';
    account = await openAccount(url, admin, { credits: 10 });
    credits = `/admin/v1/accounts/${account.id}/credits`;
  });

  /** The same request 12 times at once, spread over the nodes. */
  const twelveTimes = (path: string, key: string, body: unknown, name?: string) =>
    Promise.all(
      Array.from({ length: 12 }, (_, i) => post(nodes()[i % nodes().length]?.url ?? '', path, key, body, name)),
    );

  it('a key is made once, and shown again in full', async () => {
    const before = (await call<{ data: Body[] }>('GET', `${url}/v1/keys`, { key: account.live })).body.data;
    const made = expectOneEffect(await twelveTimes('/v1/keys', account.live, { name: 'once' }, 'key-1'));
    expect(made['key']).toMatch(/^pb_live_/);
    for (const node of nodes()) {
      const again = await post(node.url, '/v1/keys', account.live, { name: 'once' }, 'key-1');
      expect([again.status, isReplay(again), again.body]).toEqual([201, true, made]);
    }
    const after = (await call<{ data: Body[] }>('GET', `${url}/v1/keys`, { key: account.live })).body.data;
    expect(after).toHaveLength(before.length + 1);
  });

  it('credits are granted once, and without the header each time', async () => {
    const grant = { pool: 'sms', amount: 7, note: 'once' };
    expectOneEffect(await twelveTimes(credits, admin, grant, `grant-${account.id}`));
    expect((await balance(url, account.live)).granted).toBe(17);
    const each = await twelveTimes(credits, admin, { ...grant, amount: 1 });
    expect(each.map(({ status }) => status)).toEqual(Array(12).fill(201));
    expect((await balance(url, account.live)).granted).toBe(29);
    await checkLedger(url, account.live);
  });

  it('an account is opened once; who asks while it is being opened is told to wait', async () => {
    const body = newAccount();
    const answers = await twelveTimes('/admin/v1/accounts', admin, body, `open-${body['login']}`);
    const made = expectOneEffect(answers);
    expect(answers.some(({ status }) => status === 409)).toBe(true);
    const again = await post(url, '/admin/v1/accounts', admin, body, `open-${body['login']}`);
    expect([again.status, again.body]).toEqual([201, made]);
  });

  it('a sender is added once: the replay is no conflict with itself', async () => {
    const body = { sender: 'Once' };
    expectOneEffect(await twelveTimes('/v1/senders', account.live, body, 'sender-1'));
    expect((await post(url, '/v1/senders', account.live, body, 'sender-1')).status).toBe(201);
    expect((await post(url, '/v1/senders', account.live, body)).status).toBe(409);
  });

  it('another request under the same key is refused, and has no effect', async () => {
    const name = `other-${account.id}`;
    expect((await post(url, credits, admin, { pool: 'sms', amount: 1 }, name)).status).toBe(201);
    const before = await ledger(url, account.live);
    const others: [string, unknown][] = [
      [credits, { pool: 'sms', amount: 2 }],
      [credits, { pool: 'voice', amount: 1 }],
      [credits, { pool: 'sms', amount: 1, note: '' }],
      ['/admin/v1/accounts', newAccount()],
    ];
    for (const [path, body] of others) {
      const refused = await post(url, path, admin, body, name);
      expect([refused.status, refused.body['code']]).toEqual([422, 'idempotency_mismatch']);
    }
    expect(await ledger(url, account.live)).toEqual(before);
  });

  it('a refusal is not remembered: the key is free for the request put right', async () => {
    const faulty = await post(url, '/v1/keys', account.live, { name: '' }, 'free-1');
    expect([faulty.status, faulty.body['code']]).toEqual([422, 'invalid_request']);
    expect((await post(url, '/v1/keys', account.live, { name: 'right' }, 'free-1')).status).toBe(201);
    const taken = newAccount();
    expect((await post(url, '/admin/v1/accounts', admin, taken)).status).toBe(201);
    const name = `free-${taken['login']}`;
    expect((await post(url, '/admin/v1/accounts', admin, taken, name)).body['code']).toBe('conflict');
    expect((await post(url, '/admin/v1/accounts', admin, newAccount(), name)).status).toBe(201);
    const much = { pool: 'sms', amount: -1_000_000 };
    expect((await post(url, credits, admin, much, `${name}-2`)).status).toBe(402);
    expect((await post(url, credits, admin, { ...much, amount: 1 }, `${name}-2`)).status).toBe(201);
  });
}

describe('on the embedded store', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());
  itDoesThingsOnce(() => [service]);
});

describe.runIf(need('postgresql'))('on two nodes of one PostgreSQL', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster(2);
  });
  afterAll(() => cluster.stop());
  itDoesThingsOnce(() => cluster.nodes);
});

it('through kill -9: what was answered is answered again, and nothing is done twice', async () => {
  const data = temporaryFolder();
  let service = await startService({ data });
  const admin = service.ready.admin_token ?? '';
  const account = await openAccount(service.url, admin, { credits: 0 });
  const path = `/admin/v1/accounts/${account.id}/credits`;
  const grant = (i: number) =>
    post(service.url, path, admin, { pool: 'sms', amount: 1, note: `grant ${i}` }, `kill-${i}`);
  const key = await post(service.url, '/v1/keys', account.live, { name: 'kept' }, 'kept');
  const answered = new Map<number, Body>();
  let serial = 0;

  for (let kill = 0; kill < 3; kill++) {
    const enough = answered.size + 40;
    const clients = Array.from({ length: 8 }, async () => {
      for (;;) {
        const i = serial++;
        // The connection breaks when the service dies: then nothing was promised, and the next start is waited for.
        const answer = await grant(i).catch(() => null);
        if (answer === null) return;
        expect(answer.status).toBe(201);
        answered.set(i, answer.body);
        if (answered.size === enough) void service.kill9();
      }
    });
    await Promise.all(clients);
    service = await startService({ data });
  }

  const again = await post(service.url, '/v1/keys', account.live, { name: 'kept' }, 'kept');
  expect([again.status, isReplay(again), again.body]).toEqual([201, true, key.body]);
  let unknown = 0;
  for (let i = 0; i < serial; i++) {
    const replay = await grant(i);
    if (answered.has(i)) expect([replay.status, isReplay(replay), replay.body]).toEqual([201, true, answered.get(i)]);
    // Cut off between the effect and its answer: nobody knows which, so it is not tried again.
    else if (replay.status === 409) unknown++;
    else expect(replay.status).toBe(201);
  }
  const notes = (await ledger(service.url, account.live)).map((entry) => (entry as unknown as Body)['note']);
  expect(new Set(notes).size).toBe(notes.length);
  expect(notes.length).toBeGreaterThanOrEqual(serial - unknown);
  await checkLedger(service.url, account.live);
  await service.stop();
});
