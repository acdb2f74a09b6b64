import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hostileUrls } from '../../server/src/callbacks/hostile-urls.ts';
import {
  type LoopbackReceiver,
  loopbackReceiver,
  type Received,
  type ReceiverOptions,
  statusLine,
} from '../../server/src/callbacks/loopback-receiver.ts';
import { balance, call, numberFor, openAccount, sendText, type TestAccount } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { type Service, type ServiceOptions, startService, temporaryFolder } from '../service/service.ts';
import { instruct } from '../service/voice.ts';
import { type NameServer, startNameServer } from './name-server.ts';

/** Callbacks reach nothing inside, whatever URL is asked for and whatever DNS and receivers say: canaries listen, and hear nobody. */

/** The sandbox phone at this number is busy: the call ends at once. */
const CALLEE = '+9779841230011';

const undo: (() => unknown)[] = [];
afterAll(async () => {
  for (const one of undo.reverse()) await one();
});

async function listens(answer: (request: Received) => void, options?: ReceiverOptions): Promise<LoopbackReceiver> {
  const receiver = await loopbackReceiver(answer, options);
  undo.push(() => receiver.close());
  return receiver;
}

/** Counts connections; whoever gets through is answered. */
function canary(options?: ReceiverOptions): Promise<LoopbackReceiver> {
  return listens(({ socket }) => socket.write(statusLine(200)), options);
}

async function serving(options: ServiceOptions): Promise<Service> {
  const service = await startService(options);
  undo.push(() => service.process.kill('SIGKILL'));
  return service;
}

async function names(addresses: Parameters<typeof startNameServer>[0]): Promise<NameServer> {
  const server = await startNameServer(addresses);
  undo.push(() => server.close());
  return server;
}

function accountOf({ url, ready }: Service, settings: object = {}): Promise<TestAccount> {
  return openAccount(url, ready.admin_token ?? '', { credits: 10, voiceCredits: 100, settings });
}

function ask({ url }: Service, account: TestAccount, callbackUrl: string) {
  const instruction = { callee: CALLEE, code: '4', 'callback-url': callbackUrl };
  return instruct<{ message?: string; errors?: { field: string; message: string }[] }>(
    url,
    account.productTokens.test,
    instruction,
  );
}

/** Resolves once so many tries to send a callback have failed. */
async function haveFailed({ url }: Service, count: number): Promise<void> {
  await eventually(
    async () => (await call<string>('GET', `${url}/metrics`)).body,
    (metrics) => Number(/^passbell_callbacks_total\{result="failed"\} (\d+)$/m.exec(metrics)?.[1]) >= count,
  );
}

/** A fault says what is wrong in words of its own: a URL may hold what is nobody's business. */
function expectCure(message: string | undefined, url: string): void {
  expect(message?.split(' ').length).toBeGreaterThan(4);
  if (url.length > 10) expect(message).not.toContain(url);
}

describe('a callback URL that means no good', () => {
  test('is refused wherever it is asked for, and nothing is dialled or reached', async () => {
    const v4 = await canary();
    const v6 = await canary({ host: '::1', port: v4.port });
    const service = await serving({});
    const account = await accountOf(service);
    const settings = `${service.url}/v1/settings`;
    const byOperator = `${service.url}/admin/v1/accounts/${account.id}`;
    const urls = hostileUrls(v4.port);
    expect(urls.length).toBeGreaterThan(90);

    for (const url of urls) {
      const asked = await ask(service, account, url);
      expect(asked.status, url).toBe(400);
      expect(asked.body.errors?.map(({ field }) => field)).toEqual(['callback-url']);
      expectCure(asked.body.message, url);

      for (const [at, key, body, field] of [
        [settings, account.test, { callback_url: url }, 'callback_url'],
        [byOperator, service.ready.admin_token ?? '', { settings: { callback_url: url } }, 'settings.callback_url'],
      ] as const) {
        const refused = await call<{ errors: { field: string; message: string }[] }>('PATCH', at, { key, body });
        expect(refused.status, url).toBe(422);
        expect(refused.body.errors.map((error) => error.field)).toEqual([field]);
        expectCure(refused.body.errors[0]?.message, url);
      }
    }

    const { body } = await call('GET', settings, { key: account.test });
    expect(body['callback_url']).toBeNull();
    const { body: calls } = await call('GET', `${service.url}/v1/calls`, { key: account.test });
    expect(calls['data']).toEqual([]);
    expect(await balance(service.url, account.test, 'voice')).toMatchObject({ available: 100, held: 0 });
    expect(service.log()).not.toContain('"level":"error"');
    expect([v4.connections, v6.connections]).toEqual([0, 0]);
    // A control: the canaries do hear whoever comes.
    await fetch(`http://127.0.0.1:${v4.port}/`);
    await fetch(`http://[::1]:${v6.port}/`);
    expect([v4.connections, v6.connections]).toEqual([1, 1]);
  });
});

describe('a host that leads inside', () => {
  const preload = join(import.meta.dirname, 'ask-name-server.ts');
  /** 127.0.0.2 stands for a public address, as no test may leave this machine. */
  const asking = ({ address }: NameServer) => ({
    env: { NODE_OPTIONS: `--import=${preload}`, E2E_NAME_SERVER: address, PASSBELL_CALLBACK_ALLOW: '127.0.0.2' },
  });

  test('is not connected to: neither where all its addresses are inside nor where one is', async () => {
    const inside = await canary();
    const other = await canary({ host: '127.0.0.2', port: inside.port });
    const server = await names((host) => (host.startsWith('mixed') ? ['127.0.0.2', '127.0.0.1'] : ['127.0.0.1']));
    const service = await serving(asking(server));
    const account = await accountOf(service);
    for (const host of ['inside.example', 'mixed.example']) {
      const { status, body } = await ask(service, account, `http://${host}:${inside.port}/`);
      expect(status, JSON.stringify(body)).toBe(200);
    }
    await haveFailed(service, 2);
    expect([server.asked('inside.example'), server.asked('mixed.example')]).toEqual([1, 1]);
    expect([inside.connections, other.connections]).toEqual([0, 0]);
  });

  test('is not connected to when its name said something else before', async () => {
    const outside = await listens(({ socket }) => socket.end(statusLine(500, 'connection: close')), {
      host: '127.0.0.2',
    });
    const inside = await canary({ port: outside.port });
    const server = await names((_, nth) => [nth === 1 ? '127.0.0.2' : '127.0.0.1']);
    const service = await serving(asking(server));
    const account = await accountOf(service);
    expect((await ask(service, account, `http://rebinds.example:${outside.port}/`)).status).toBe(200);
    // The first try reached the address that was judged, not the one that the next answer names; the second one was refused.
    await haveFailed(service, 2);
    expect(server.asked('rebinds.example')).toBe(2);
    expect([outside.received.length, inside.connections]).toEqual([1, 0]);
  });
});

test('a receiver that redirects is not followed: its callback is tried again later', async () => {
  const target = await canary({ host: '127.0.0.2' });
  const service = await serving({ env: { PASSBELL_CALLBACK_ALLOW: '127.0.0.1/32' } });
  const account = await accountOf(service);
  const statuses = [301, 302, 303, 307, 308];
  const redirecting = statuses.map(async (status) => {
    const location = `location: http://127.0.0.2:${target.port}/inside`;
    const receiver = await listens(({ socket }) => socket.write(statusLine(status, location)));
    expect((await ask(service, account, `http://127.0.0.1:${receiver.port}/cb`)).status).toBe(200);
    return receiver;
  });
  const receivers = await Promise.all(redirecting);
  await haveFailed(service, statuses.length);
  for (const { received } of receivers)
    expect(received.map(({ head }) => head.split(' ', 2))).toEqual([['POST', '/cb']]);
  expect(target.connections).toBe(0);
});

test('a receiver that the operator takes off the list is not reached any more', async () => {
  const receiver = await canary();
  const data = temporaryFolder();
  const before = await serving({ data, env: { PASSBELL_CALLBACK_ALLOW: '127.0.0.1' } });
  const settings = { callback_url: `http://127.0.0.1:${receiver.port}/` };
  const account = await accountOf(before, settings);
  expect((await sendText(before.url, account.test, numberFor(1))).status).toBe(200);
  await eventually(
    async () => receiver.received.length,
    (count) => count === 1,
  );
  expect(await before.stop()).toBe(0);
  const after = await serving({ data });
  expect((await sendText(after.url, account.test, numberFor(2))).status).toBe(200);
  await haveFailed(after, 1);
  expect(receiver.connections).toBe(1);
});
