import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { need } from './peers/need.ts';
import { type PostgresPeer, startPostgres } from './peers/postgres.ts';
import { balance, call, listAll, numberFor, openAccount, sendText, type TestAccount } from './service/api.ts';
import { eventually } from './service/eventually.ts';
import { inboxOf } from './service/inbox.ts';
import { checkLedger, ledger } from './service/ledger.ts';
import { type Service, startService, temporaryFolder } from './service/service.ts';

/** What a limit refuses costs nothing and reaches nobody; what can ask no limit refuses too. */

const TEN_MINUTES = 600;

/** Waits until all that was accepted has been sent, then holds phone and ledger against `accepted`. */
async function expectSent(url: string, account: TestAccount, accepted: number): Promise<void> {
  const after = await eventually(
    () => balance(url, account.test),
    ({ held }) => held === 0,
    30_000,
  );
  expect(after.captured).toBe(accepted);
  expect(await inboxOf(url, account.test)).toHaveLength(accepted);
  await checkLedger(url, account.test);
}

async function patch(service: Service, { id }: TestAccount, settings: unknown): Promise<void> {
  const key = service.ready.admin_token ?? '';
  const answer = await call('PATCH', `${service.url}/admin/v1/accounts/${id}`, { key, body: { settings } });
  expect(answer.status).toBe(200);
}

/** 64 sends at once to one number, spread over the nodes, with a limit of 3. */
async function stampede(nodes: readonly Service[], account: TestAccount, number: string): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, i) => sendText(nodes[i % nodes.length]?.url ?? '', account.test, number)),
  );
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array(3).fill(200), ...Array(61).fill(429)]);
}

describe('limits on the embedded store', () => {
  let service: Service;
  let admin: string;
  beforeAll(async () => {
    service = await startService();
    admin = service.ready.admin_token ?? '';
  });
  afterAll(() => service.stop());

  it('let a number have three codes in ten minutes, by default, and say when to come back', async () => {
    const account = { ...service.ready.account?.keys, id: service.ready.account?.id } as TestAccount;
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await sendText(service.url, account.test, numberFor(1))).status);
    const fourth = await sendText(service.url, account.test, numberFor(1));
    expect([...statuses, fourth.status]).toEqual([200, 200, 200, 429]);
    const retryAfter = Number(fourth.headers.get('retry-after'));
    // One of three places in ten minutes is free again after a third of them.
    expect(retryAfter).toBeGreaterThan(TEN_MINUTES / 3 - 20);
    expect(retryAfter).toBeLessThanOrEqual(TEN_MINUTES / 3);
    expect((await sendText(service.url, account.test, numberFor(2))).status).toBe(200);
    await expectSent(service.url, account, 4);
  });

  it('refuse a thousand times without a charge or a message', async () => {
    const limits = [{ count: 3, period_seconds: TEN_MINUTES }];
    const account = await openAccount(service.url, admin, { credits: 50, limits });
    const number = numberFor(3);
    for (let i = 0; i < 3; i++) expect((await sendText(service.url, account.test, number)).status).toBe(200);
    await expectSent(service.url, account, 3);
    const before = await ledger(service.url, account.test);
    for (let i = 0; i < 10; i++) {
      const refused = await Promise.all(Array.from({ length: 100 }, () => sendText(service.url, account.test, number)));
      for (const { status, headers } of refused) {
        expect(status).toBe(429);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
    }
    expect(await ledger(service.url, account.test)).toEqual(before);
    await expectSent(service.url, account, 3);
  });

  it('of a whole account hold for all of its numbers', async () => {
    const account = await openAccount(service.url, admin, { credits: 50 });
    await patch(service, account, { account_limits: [{ count: 5, period_seconds: 3_600 }] });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => sendText(service.url, account.test, numberFor(100 + i))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    for (const { status, body } of answers) {
      if (status === 200) continue;
      expect([status, body]).toEqual([
        429,
        expect.objectContaining({ message: expect.stringMatching(/^This account/) }),
      ]);
    }
    await expectSent(service.url, account, 5);
  });

  it('that were loosened let the next one through, however full they were', async () => {
    const limits = [{ count: 2, period_seconds: 86_400 }];
    const account = await openAccount(service.url, admin, { credits: 50, limits });
    const send = () => sendText(service.url, account.test, numberFor(4));
    expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([200, 200, 429]);
    await patch(service, account, { number_limits: [{ count: 3, period_seconds: TEN_MINUTES }] });
    await eventually(send, ({ status }) => status === 200);
    expect((await send()).status).toBe(429);
    await expectSent(service.url, account, 3);
  });

  it('hold for 64 sends at once: exactly three', async () => {
    const limits = [{ count: 3, period_seconds: TEN_MINUTES }];
    const account = await openAccount(service.url, admin, { credits: 100, limits });
    await stampede([service], account, numberFor(5));
    await expectSent(service.url, account, 3);
  });
});

describe.runIf(need('postgresql'))('limits on three nodes of one PostgreSQL', () => {
  let postgres: PostgresPeer;
  let nodes: Service[];
  let account: TestAccount;
  let first: Service;
  beforeAll(async () => {
    postgres = await startPostgres();
    const options = { data: temporaryFolder(), databaseUrl: postgres.url };
    first = await startService(options);
    nodes = [first, ...(await Promise.all([startService(options), startService(options)]))];
    const limits = [{ count: 3, period_seconds: TEN_MINUTES }];
    account = await openAccount(first.url, first.ready.admin_token ?? '', { credits: 200, limits });
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await postgres.stop();
  });

  it('hold for 64 sends at once: exactly three', async () => {
    await stampede(nodes, account, numberFor(6));
    await expectSent(first.url, account, 3);
  });

  it('refuse everything with 503 while nobody can ask them, and come back by themselves', async () => {
    const sent = new Set<string>();
    let serial = 10;
    const send = async ({ url }: Service) => {
      const number = numberFor(serial++);
      const answer = await sendText(url, account.test, number);
      if (answer.status === 200) sent.add(number);
      return answer;
    };
    for (const node of nodes) expect((await send(node)).status).toBe(200);
    await expectSent(first.url, account, 6);

    await postgres.kill9();
    // Long enough for what is in memory to be believed, and for it to be no more.
    const until = performance.now() + 1_500;
    while (performance.now() < until) {
      const answers = await Promise.all(nodes.map(send));
      for (const { status, headers, body } of answers) {
        expect([status, body.success, headers.get('retry-after')]).toEqual([503, false, '1']);
      }
    }
    for (const { url, ready } of nodes) {
      expect((await call('GET', `${url}/readyz`)).status).toBe(503);
      expect((await call('GET', `${url}/livez`)).status).toBe(200);
      for (const path of ['/v1/balance', '/v1/keys', '/v1/handset/messages', '/api/v1/auths/list/send-otps/']) {
        expect((await call('GET', url + path, { key: account.test })).status, path).toBe(503);
      }
      const { user: email, password } = first.ready.console;
      const signIn = await call('POST', `${url}/api/v1/auths/login/`, { body: { email, password } });
      expect(signIn.status).toBe(503);
      expect(ready.ready).toBe(true);
    }

    await postgres.restart();
    for (const node of nodes)
      await eventually(
        () => send(node),
        ({ status }) => status === 200,
      );
    await stampede(nodes, account, numberFor(7));
    await expectSent(first.url, account, 3 + 3 + sent.size);
    const reached = (await inboxOf(first.url, account.test)).map(({ to }) => to.slice(4));
    for (const number of sent) expect(reached).toContain(number);
  });

  it('and sends keep their word while the store goes down and comes back under load', async () => {
    const admin = first.ready.admin_token ?? '';
    const { test } = await openAccount(first.url, admin, { credits: 20_000 });
    const promised = new Set<string>();
    let serial = 1_000;
    let running = true;
    const clients = Array.from({ length: 12 }, async (_, i) => {
      while (running) {
        const number = numberFor(serial++);
        const { status } = await sendText(nodes[i % nodes.length]?.url ?? '', test, number);
        if (status === 200) promised.add(number);
        else expect(status).toBe(503);
      }
    });
    const more = (from = promised.size) =>
      eventually(
        async () => promised.size,
        (count) => count > from + 50,
      );
    await more();
    await postgres.restart();
    await more();
    await postgres.restart();
    await more();
    running = false;
    await Promise.all(clients);

    const { captured } = await eventually(
      () => balance(first.url, test),
      ({ held }) => held === 0,
      30_000,
    );
    const reached = (await inboxOf(first.url, test)).map(({ to }) => to.slice(4));
    const rows = await listAll(first.url, test);
    expect(rows.filter(({ status }) => status === 'delivered')).toHaveLength(captured);
    const listed = new Map(rows.map((row) => [row.phone_number, row.status]));
    for (const number of promised) {
      // The phone's own store was away too: what it may have lost twice is given up, and given back.
      expect(['delivered', 'failed'], number).toContain(listed.get(number));
      if (listed.get(number) === 'delivered') expect(reached).toContain(number);
    }
    for (const number of reached) {
      expect(promised, `${number} was refused, and sent`).toContain(number);
      expect(reached.filter((other) => other === number).length, `${number} was sent often`).toBeLessThanOrEqual(2);
    }
    await checkLedger(first.url, test);
  });
});
