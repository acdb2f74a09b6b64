import { expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { glassVault } from '../handset/glass-vault.ts';
import type { CallbackEvent } from '../rules/callback.ts';
import type { MessageFacts } from '../store/tables/callbacks.ts';
import type { CallRow } from '../store/tables/calls.ts';
import { Secret } from '../values/secret.ts';
import { callRow } from './call-row-example.ts';
import type { CallbackRow } from './callback.ts';
import { composer } from './compose.ts';

const SECRETS = [new Secret('whsec_new'), new Secret('whsec_old')];

const sealed = (account: string, row: string, column: 'number' | 'callback', text: string) =>
  glassVault.seal({ account, row, column }, text);
const number = (account: string, otp: string) =>
  sealed(account, otp, 'number', JSON.stringify({ e164: '+9779851023212', asSent: '9851023212' }));

function row(deliveryId: string, event: CallbackEvent, over: Partial<CallbackRow> = {}): CallbackRow {
  return {
    ...{ accountId: 'account-1', id: `${deliveryId}.${event}`, deliveryId, event, createdAt: 0, attempts: 0 },
    node: 'node',
    ...over,
  };
}

function message(deliveryId: string, over: Partial<MessageFacts> = {}): MessageFacts {
  return {
    ...{ accountId: 'account-1', deliveryId, otpId: 'otp-1', dialect: 'tingting', mode: 'live', number: 7 },
    ...{ numberSealed: number('account-1', 'otp-1'), carrier: 'main', segments: 1, credits: 1, reason: null },
    ...{ createdAt: 0, finalAt: 1 },
    ...over,
  };
}

/** A composer over these calls and messages; `url`: the account's receiver. */
function composing(
  { calls = [], messages = [] }: { calls?: readonly CallRow[]; messages?: readonly MessageFacts[] },
  url: string | null | 'no account' = 'https://own.example/cb',
) {
  const asked: number[] = [];
  const compose = composer({
    store: {
      calls: {
        get: async (accountId: string, id: string) =>
          calls.find((call) => call.accountId === accountId && call.id === id) ?? null,
      } as never,
      callbacks: {
        async messages(of: readonly { readonly accountId: string; readonly deliveryId: string }[]) {
          asked.push(of.length);
          const among = ({ accountId, deliveryId }: MessageFacts) =>
            of.some((one) => one.accountId === accountId && one.deliveryId === deliveryId);
          return messages.filter(among).toReversed();
        },
      } as never,
    },
    vault: glassVault,
    receivers: async () => (url === 'no account' ? null : { url, secrets: SECRETS }),
    wording: {
      call: (call, to) => `call ${call.id} to ${to}`,
      message: (event, facts, to) => `${event} ${facts.deliveryId} to ${to}`,
    },
  });
  return { compose, asked };
}

it('words a call and sends it to the account’s own receiver, under every secret in force', async () => {
  const call = callRow({ id: 'c', numberSealed: number('account-1', 'otp-1') });
  const { compose } = composing({ calls: [call] });
  expect(await compose([row('c', 'call.finished')])).toEqual([
    { url: 'https://own.example/cb', body: 'call c to +9779851023212', secrets: SECRETS, disabled: false },
  ]);
});

it('sends a call that named a place there, also where the account has none', async () => {
  const place = 'https://named.example/cb?token=1';
  const call = callRow({ id: 'c', callbackSealed: sealed('account-1', 'c', 'callback', place) });
  for (const url of ['https://own.example/cb', null]) {
    const [content] = await composing({ calls: [call] }, url).compose([row('c', 'call.finished')]);
    expect(content).toMatchObject({ url: place, body: 'call c to null', disabled: false });
  }
});

it('sends nothing once the account has taken its receiver back', async () => {
  const { compose } = composing({ calls: [callRow({ id: 'c' })], messages: [message('m')] }, null);
  const contents = await compose([row('c', 'call.finished'), row('m', 'message.sent')]);
  expect(contents.map((content) => content?.disabled)).toEqual([true, true]);
});

it('has nothing to tell of what is gone, nor of another account’s', async () => {
  const foreign = { accountId: 'account-2' };
  const there = composing({ calls: [callRow({ id: 'c', ...foreign })], messages: [message('m', foreign)] });
  expect(await there.compose([row('c', 'call.finished'), row('m', 'message.sent')])).toEqual([null, null]);
  const gone = composing({ calls: [callRow({ id: 'c' })], messages: [message('m')] }, 'no account');
  expect(await gone.compose([row('c', 'call.finished'), row('m', 'message.sent')])).toEqual([null, null]);
});

it('keeps the order of what it was given, and asks for all messages at once', async () => {
  const messages = [message('m1'), message('m2', { numberSealed: null }), message('m1', { accountId: 'account-2' })];
  const { compose, asked } = composing({ calls: [callRow({ id: 'c' })], messages });
  const contents = await compose([
    row('m2', 'message.failed'),
    row('c', 'call.finished'),
    row('m1', 'message.sent'),
    row('m3', 'message.sent'),
    row('m1', 'message.delivered'),
    row('m1', 'message.expired', { accountId: 'account-2' }),
  ]);
  expect(contents.map((content) => content?.body)).toEqual([
    'message.failed m2 to null',
    'call c to null',
    'message.sent m1 to +9779851023212',
    undefined,
    'message.delivered m1 to +9779851023212',
    // A number that was sealed for another account does not open here.
    'message.expired m1 to null',
  ]);
  expect(asked).toEqual([5]);
});

it('rejects as the store does, so that it is asked again', async () => {
  const away = async () => {
    throw new PassbellError('unavailable', { reason: 'store' });
  };
  const compose = composer({
    store: { calls: { get: away } as never, callbacks: { messages: async () => [] } as never },
    ...{ vault: glassVault, receivers: async () => null },
    wording: { call: () => '', message: () => '' },
  });
  await expect(compose([row('c', 'call.finished')])).rejects.toMatchObject({ code: 'unavailable' });
});
