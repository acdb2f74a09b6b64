import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { need } from './peers/need.ts';
import { balance, call, numberFor, openAccount, sendText, type TestAccount } from './service/api.ts';
import { type Cluster, startCluster } from './service/cluster.ts';
import { eventually } from './service/eventually.ts';
import { inboxOf } from './service/inbox.ts';
import { type Service, startService, temporaryFolder } from './service/service.ts';

/** A key that was revoked opens nothing a second later, on whichever node, whoever revoked it. */

const MAIN = join(import.meta.dirname, '../server/src/cli/main.ts');
const run = promisify(execFile);

const ask = (url: string, method: string, path: string, key: string, body?: unknown) =>
  call(method, url + path, { key, body });

async function newKey(url: string, live: string, name: string): Promise<{ id: string; key: string }> {
  const made = await ask(url, 'POST', '/v1/keys', live, { name, mode: 'test' });
  expect(made.status).toBe(201);
  return { id: `${made.body['id']}`, key: `${made.body['key']}` };
}

/**
 * Asks with a key until it is refused.
 * @returns how long after `since` the last request that was let in had been made, ms; below 0 when none was
 */
async function lastLetIn(url: string, key: string, since: number): Promise<number> {
  let last = Number.NEGATIVE_INFINITY;
  for (;;) {
    const asked = performance.now();
    const { status } = await ask(url, 'GET', '/v1/balance', key);
    if (status !== 200) return last;
    last = asked - since;
    if (last > 10_000) return last;
  }
}

/** Revokes `key` through `revoke`, while every node is asked all the time; what each then says of it. */
async function revoked(nodes: readonly Service[], key: string, revoke: () => Promise<unknown>): Promise<void> {
  // In the memory of every node before it is revoked.
  for (const { url } of nodes) expect((await ask(url, 'GET', '/v1/balance', key)).status).toBe(200);
  await revoke();
  const answered = performance.now();
  for (const late of await Promise.all(nodes.map(({ url }) => lastLetIn(url, key, answered)))) {
    expect(late).toBeLessThan(1_000);
  }
  for (const { url } of nodes) {
    expect((await ask(url, 'GET', '/v1/balance', key)).status).toBe(401);
    expect((await sendText(url, key, numberFor(1))).status).toBe(401);
    expect((await ask(url, 'GET', '/v1/handset/messages', key)).status).toBe(401);
  }
}

/** What holds on one node and on several; `nodes[0]` is where things are changed. */
function itKeepsKeys(nodes: () => readonly Service[]): void {
  let account: TestAccount;
  let first: Service;
  let admin: string;
  beforeAll(async () => {
    first = nodes()[0] as Service;
    admin = first.ready.admin_token ?? '';
    account = await openAccount(first.url, admin, { credits: 10 });
  });

  it('revoked through the API', async () => {
    const { id, key } = await newKey(first.url, account.live, 'api');
    await revoked(nodes(), key, () => ask(first.url, 'DELETE', `/v1/keys/${id}`, account.live));
  });

  it('revoked by itself', async () => {
    const { id, key } = await newKey(first.url, account.live, 'itself');
    await revoked(nodes(), key, () => ask(first.url, 'DELETE', `/v1/keys/${id}`, key));
  });

  it('ended after an overlap: good until then, and not after', async () => {
    const { id, key } = await newKey(first.url, account.live, 'overlap');
    const ended = await ask(first.url, 'DELETE', `/v1/keys/${id}?after=1`, account.live);
    const from = performance.now();
    expect(ended.body['revoked_at']).not.toBeNull();
    for (const { url } of nodes()) expect((await ask(url, 'GET', '/v1/balance', key)).status).toBe(200);
    for (const late of await Promise.all(nodes().map(({ url }) => lastLetIn(url, key, from)))) {
      expect(late).toBeLessThan(2_000);
    }
  });

  it('of an account that was disabled: 403, and back when it is enabled', async () => {
    const { id, test, live } = await openAccount(first.url, admin, { credits: 10 });
    const set = (disabled: boolean) => ask(first.url, 'PATCH', `/admin/v1/accounts/${id}`, admin, { disabled });
    for (const { url } of nodes()) expect((await ask(url, 'GET', '/v1/balance', test)).status).toBe(200);
    expect((await set(true)).status).toBe(200);
    const from = performance.now();
    for (const { url } of nodes()) expect(await lastLetIn(url, test, from)).toBeLessThan(1_000);
    for (const { url } of nodes()) {
      for (const key of [test, live]) {
        expect((await sendText(url, key, numberFor(1))).status).toBe(403);
        expect((await ask(url, 'GET', '/v1/keys', key)).status).toBe(403);
      }
    }
    expect((await set(false)).status).toBe(200);
    await eventually(
      () => ask(first.url, 'GET', '/v1/balance', test),
      ({ status }) => status === 200,
    );
    expect((await balance(first.url, test)).available).toBe(10);
    expect(await inboxOf(first.url, test)).toEqual([]);
  });

  it("replaced by TingTing's generate-api-keys: the old ones of that mode are dead at once on that node", async () => {
    const { test, live } = await openAccount(first.url, admin, { credits: 10 });
    for (const { url } of nodes()) expect((await ask(url, 'GET', '/v1/balance', test)).status).toBe(200);
    const made = await ask(first.url, 'POST', '/api/v1/auths/generate-api-keys/', test);
    const from = performance.now();
    expect(made.status).toBe(200);
    expect((await sendText(first.url, test, numberFor(1))).status).toBe(401);
    for (const { url } of nodes()) expect(await lastLetIn(url, test, from)).toBeLessThan(1_000);
    for (const { url } of nodes()) {
      expect((await ask(url, 'GET', '/v1/balance', `${made.body['token']}`)).status).toBe(200);
      expect((await ask(url, 'GET', '/v1/balance', live)).status).toBe(200);
    }
  });

  it('that reads along: no message reaches it after it was revoked', async () => {
    const { id, key } = await newKey(first.url, account.live, 'reader');
    const headers = { authorization: `Bearer ${key}` };
    const streams = await Promise.all(nodes().map(({ url }) => fetch(`${url}/v1/handset/events`, { headers })));
    const waits = nodes().map(({ url }) => ask(url, 'GET', '/v1/handset/messages/next?wait=20', key));
    await revoked(nodes(), key, () => ask(first.url, 'DELETE', `/v1/keys/${id}`, account.live));
    expect((await sendText(first.url, account.test, numberFor(9), 'not for that reader: {otp}')).status).toBe(200);
    for (const wait of await Promise.all(waits)) expect(wait.status).toBe(401);
    // The service ends them: reading to the end is what waits for it.
    for (const stream of streams) expect(await stream.text()).not.toContain('not for that reader');
  });

  it('mistyped by one character: refused, wherever the character stands', async () => {
    const { test } = account;
    const typos = Array.from(test, (character, i) => {
      const other = character === 'a' ? 'b' : 'a';
      return test.slice(0, i) + other + test.slice(i + 1);
    });
    const swapped = test.slice(0, 10) + test.charAt(11) + test.charAt(10) + test.slice(12);
    const cut = [test.slice(0, -1), `${test}a`, test.toUpperCase(), test.replace('test', 'live')];
    const wrong = [...typos, swapped, ...cut].filter((text) => text !== test);
    for (const { url } of nodes()) {
      const answers = await Promise.all(wrong.map((key) => ask(url, 'GET', '/v1/balance', key)));
      for (const [i, { status }] of answers.entries()) expect(status, wrong[i]).toBe(401);
    }
  });
}

describe('keys on the embedded store', () => {
  const data = temporaryFolder();
  let service: Service;
  beforeAll(async () => {
    service = await startService({ data });
  });
  afterAll(() => service.stop());

  itKeepsKeys(() => [service]);

  it('revoked by the command line, from another process', async () => {
    const { url, ready } = service;
    const account = await openAccount(url, ready.admin_token ?? '', { credits: 10 });
    const { id, key } = await newKey(url, account.live, 'cli');
    await revoked([service], key, () =>
      run(process.execPath, [MAIN, 'key', 'revoke', id.slice(4), '--account', account.id, '--data', data, '--json']),
    );
    expect((await ask(url, 'GET', '/v1/balance', account.test)).status).toBe(200);
  });
});

describe.runIf(need('postgresql'))('keys on two nodes of one PostgreSQL', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster(2);
  });
  afterAll(() => cluster.stop());

  itKeepsKeys(() => cluster.nodes);
});
