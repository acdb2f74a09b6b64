import { expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { defaultSettings } from '../rules/account-settings.ts';
import type { Account } from '../store/tables/accounts.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { Secret } from '../values/secret.ts';
import type { CallbackEndpoint } from './endpoint-desk.ts';
import { receivers } from './receivers.ts';

/** Accounts whose receivers are at `urls`, by id, and a count of how often they were asked for. */
function directoryOf(urls: Record<string, string | null>, endpoints: readonly CallbackEndpoint[] = []) {
  const clock = new ManualClock();
  const asked: string[] = [];
  let changed = () => {};
  let gate: () => Promise<void> = async () => {};
  const receiverOf = receivers({
    store: {
      accounts: {
        async get(id: string) {
          asked.push(id);
          const url = urls[id];
          await gate();
          return url === undefined ? null : ({ id, settings: { ...defaultSettings, callbackUrl: url } } as Account);
        },
      } as never,
    },
    endpoints: { all: async () => endpoints },
    signing: {
      all: async (id) =>
        new Map([
          [
            null,
            [
              { secret: new Secret(`whsec_${id}`), createdAt: 0, expiresAt: null },
              { secret: new Secret('whsec_old'), createdAt: 0, expiresAt: clock.now() + 1_000 },
            ],
          ],
          ['e1', [{ secret: new Secret('whsec_e1'), createdAt: 0, expiresAt: null }]],
          ['e3', []],
        ]),
    },
    clock,
    onChange: (listener) => {
      changed = listener;
    },
  });
  return {
    ...{ receiverOf, asked, clock },
    change: () => changed(),
    hold(next: () => Promise<void>) {
      gate = next;
    },
  };
}

it('tells where an account’s callbacks go and what signs them, and asks the store once', async () => {
  const { receiverOf, asked } = directoryOf({ a: 'https://a.example/cb', b: null });
  const [first] = await Promise.all([receiverOf('a'), receiverOf('a'), receiverOf('b')]);
  expect(first?.url).toBe('https://a.example/cb');
  expect(first?.secrets.map((secret) => secret.reveal())).toEqual(['whsec_a', 'whsec_old']);
  expect((await receiverOf('b'))?.url).toBeNull();
  // The very same secrets: what was prepared to sign with them is kept by them.
  expect((await receiverOf('a'))?.secrets[0]).toBe(first?.secrets[0]);
  expect(asked).toEqual(['a', 'b']);
});

it('knows the endpoints that are enabled, oldest first, each with its own secrets', async () => {
  const endpoint = (id: string, state: CallbackEndpoint['state']): CallbackEndpoint => ({
    ...{ id, mode: 'live', url: `https://${id}.example/`, description: '', events: ['*'], state },
    ...{ reason: state === 'enabled' ? null : 'gone', createdAt: 0, updatedAt: 0 },
  });
  // The fourth was removed after it was read, and its secrets with it.
  const rows = [...['e4', 'e3', 'e1'].map((id) => endpoint(id, 'enabled')), endpoint('e2', 'disabled')];
  const { receiverOf } = directoryOf({ a: null }, rows);
  const found = (await receiverOf('a'))?.endpoints ?? [];
  expect(found.map(({ id, url, secrets }) => [id, url, secrets.map((secret) => secret.reveal())])).toEqual([
    ['e1', 'https://e1.example/', ['whsec_e1']],
    ['e3', 'https://e3.example/', []],
  ]);
});

it('signs no more with a secret whose time is up, though nothing was changed', async () => {
  const { receiverOf, asked, clock } = directoryOf({ a: null });
  const texts = async () => (await receiverOf('a'))?.secrets.map((secret) => secret.reveal());
  await texts();
  clock.advance(999);
  expect(await texts()).toEqual(['whsec_a', 'whsec_old']);
  clock.advance(1);
  expect(await texts()).toEqual(['whsec_a']);
  expect(asked).toEqual(['a']);
});

it('knows no receiver of an account that is gone', async () => {
  const { receiverOf } = directoryOf({});
  expect(await receiverOf('a')).toBeNull();
});

it('reads anew after a change, also what was being read when it came', async () => {
  const urls = { a: 'https://old.example/' };
  const { receiverOf, change, hold } = directoryOf(urls);
  const { promise, resolve } = Promise.withResolvers<void>();
  hold(() => promise);
  const slow = receiverOf('a');
  urls.a = 'https://new.example/';
  change();
  const next = receiverOf('a');
  resolve();
  expect((await slow)?.url).toBe('https://old.example/');
  expect((await next)?.url).toBe('https://new.example/');
  expect((await receiverOf('a'))?.url).toBe('https://new.example/');
});

it('asks again after the store was away', async () => {
  const { receiverOf, hold } = directoryOf({ a: 'https://a.example/' });
  hold(async () => {
    throw new PassbellError('unavailable', { reason: 'store' });
  });
  await expect(receiverOf('a')).rejects.toMatchObject({ code: 'unavailable' });
  hold(async () => {});
  expect((await receiverOf('a'))?.url).toBe('https://a.example/');
});

it('remembers ten thousand accounts, then begins anew', async () => {
  const urls = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`${i}`, null]));
  const { receiverOf, asked } = directoryOf(urls);
  for (const id of Object.keys(urls)) await receiverOf(id);
  await receiverOf('10000');
  expect(asked).toHaveLength(10_001);
  await receiverOf('0');
  expect(asked).toHaveLength(10_002);
});
