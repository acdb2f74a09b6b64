import { expect, it } from 'vitest';
import { PassbellError } from '../errors.ts';
import { glassVault } from '../handset/glass-vault.ts';
import type { CallbackEvent } from '../rules/callback.ts';
import {
  type CallbackFacts,
  ERASED_PLACE,
  type MessageFacts,
  type Subject,
  type VerificationFacts,
} from '../store/tables/callback-facts.ts';
import type { CallRow } from '../store/tables/calls.ts';
import { Secret } from '../values/secret.ts';
import { callRow } from './call-row-example.ts';
import type { CallbackRow } from './callback.ts';
import { composer } from './compose.ts';
import type { ReceivingEndpoint } from './receivers.ts';
import { teller } from './told.ts';

const SECRETS = [new Secret('whsec_new'), new Secret('whsec_old')];

const sealed = (account: string, row: string, column: 'number' | 'callback', text: string) =>
  glassVault.seal({ account, row, column }, text);
const number = (account: string, otp: string) =>
  sealed(account, otp, 'number', JSON.stringify({ e164: '+9779851023212', asSent: '9851023212' }));

function row(subjectId: string, event: CallbackEvent, over: Partial<CallbackRow> = {}): CallbackRow {
  return {
    ...{ accountId: 'account-1', id: `${subjectId}.${event}`, subjectId, event, createdAt: 7, attempts: 0 },
    ...{ receiver: null, node: 'node' },
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

function verification(id: string, over: Partial<VerificationFacts> = {}): VerificationFacts {
  return {
    ...{ accountId: 'account-1', id, dialect: 'native', mode: 'live', numberSealed: number('account-1', id) },
    ...{ channel: 'sms', failures: 0, maxAttempts: 5, metadata: {}, callbackSealed: null },
    ...{ createdAt: 0, expiresAt: 2, finalAt: 1 },
    ...over,
  };
}

function endpoint(id: string, over: Partial<ReceivingEndpoint> = {}): ReceivingEndpoint {
  const secrets = [new Secret(`whsec_${id}`)];
  return { id, mode: 'live', events: ['*'], url: `https://${id}.example/`, secrets, ...over };
}

interface World {
  readonly calls?: readonly CallRow[];
  readonly messages?: readonly MessageFacts[];
  readonly verifications?: readonly VerificationFacts[];
  /** The account's own; 'no account': there is none. */
  readonly url?: string | null | 'no account';
  readonly endpoints?: readonly ReceivingEndpoint[];
}

/** A composer over these facts, which notes how many of each it was asked for at once. */
function composing({ url = 'https://own.example/cb', endpoints = [], ...world }: World) {
  const asked: string[] = [];
  const among =
    <F extends { readonly accountId: string }>(kind: string, all: readonly F[], idOf: (one: F) => string) =>
    async (of: readonly Subject[]) => {
      asked.push(`${of.length} ${kind}`);
      const isAsked = (one: F) => of.some((s) => s.accountId === one.accountId && s.subjectId === idOf(one));
      return all.filter(isAsked).toReversed();
    };
  const facts: CallbackFacts = {
    calls: among('calls', world.calls ?? [], ({ id }) => id),
    messages: among('messages', world.messages ?? [], ({ deliveryId }) => deliveryId),
    verifications: among('verifications', world.verifications ?? [], ({ id }) => id),
  };
  const compose = composer({
    receivers: async () => (url === 'no account' ? null : { url, secrets: SECRETS, endpoints }),
    tell: teller({ facts, vault: glassVault, wording: WORDING }),
  });
  return { compose, asked };
}

const WORDING: Parameters<typeof teller>[0]['wording'] = {
  call: (call, to) => `call ${call.id} to ${to}`,
  ownCall: (call, to) => `${call.dialect}’s call ${call.id} to ${to}`,
  message: (event, facts, to) => `${event} ${facts.deliveryId} to ${to}`,
  verification: (event, facts, to) => `${event} ${facts.id} to ${to}`,
  ping: (id, at) => `ping ${id} at ${at}`,
};

it('words a call and sends it to the account’s own receiver, under every secret in force', async () => {
  const call = callRow({ id: 'c', numberSealed: number('account-1', 'otp-1') });
  const { compose } = composing({ calls: [call] });
  const content = { receiver: 'own', url: 'https://own.example/cb', secrets: SECRETS };
  expect(await compose([row('c', 'call.finished')])).toEqual([
    [{ ...content, body: 'tingting’s call c to +9779851023212' }],
  ]);
});

it('tells a place that a request named instead, also where the account has none', async () => {
  const place = 'https://named.example/cb?token=1';
  const call = callRow({ id: 'c', callbackSealed: sealed('account-1', 'c', 'callback', place) });
  const checked = verification('v', { callbackSealed: sealed('account-1', 'v', 'callback', place) });
  for (const url of ['https://own.example/cb', null]) {
    const { compose } = composing({ calls: [call], verifications: [checked], url });
    expect(await compose([row('c', 'call.finished'), row('v', 'verification.approved')])).toMatchObject([
      [{ receiver: 'own', url: place, body: 'tingting’s call c to null' }],
      [{ receiver: 'own', url: place, body: 'verification.approved v to +9779851023212' }],
    ]);
  }
});

it('tells nobody in place of a place that was erased, or that cannot be read; endpoints all the same', async () => {
  const call = callRow({ id: 'c', callbackSealed: ERASED_PLACE });
  const unreadable = sealed('account-1', 'another row', 'callback', 'https://named.example/cb');
  const verifications = [
    verification('erased', { callbackSealed: ERASED_PLACE }),
    verification('unreadable', { callbackSealed: unreadable }),
  ];
  const rows = [row('c', 'call.finished'), row('erased', 'verification.canceled', { receiver: 'own' })];
  rows.push(row('unreadable', 'verification.canceled'));
  expect(await composing({ calls: [call], verifications }).compose(rows)).toEqual([[], [], []]);
  const { compose } = composing({ calls: [call], verifications, endpoints: [endpoint('a')] });
  expect(await compose(rows)).toMatchObject([[{ receiver: 'a' }], [], [{ receiver: 'a' }]]);
});

it('tells every endpoint that wants it, in Passbell’s own words, besides the account’s own', async () => {
  const endpoints = [
    endpoint('all'),
    endpoint('calls', { events: ['message.sent', 'call.finished'] }),
    endpoint('messages', { events: ['message.sent'] }),
    endpoint('sandbox', { mode: 'test' }),
  ];
  const world = { calls: [callRow({ id: 'c', dialect: 'cm' })], endpoints };
  const all = { receiver: 'all', url: 'https://all.example/', body: 'call c to null', secrets: endpoints[0]?.secrets };
  const [contents] = await composing(world).compose([row('c', 'call.finished')]);
  expect(contents).toMatchObject([{ receiver: 'own', body: 'cm’s call c to null' }, all, { receiver: 'calls' }]);
  const [without] = await composing({ ...world, url: null }).compose([row('c', 'call.finished')]);
  expect(without).toMatchObject([all, { receiver: 'calls' }]);
});

it('tells a row that has its receiver to that one alone, as long as it wants it', async () => {
  const world = { messages: [message('m')], endpoints: [endpoint('a'), endpoint('b', { events: ['call.finished'] })] };
  const { compose } = composing(world);
  const to = async (receiver: string) =>
    (await compose([row('m', 'message.sent', { receiver })]))[0]?.map((one) => one.receiver);
  expect([await to('own'), await to('a'), await to('b'), await to('deleted')]).toEqual([['own'], ['a'], [], []]);
});

it('sends a ping to the endpoint that is tried out, whatever it asks for', async () => {
  const endpoints = [endpoint('a', { events: ['message.sent'], mode: 'test' }), endpoint('b')];
  const { compose } = composing({ endpoints });
  expect(await compose([row('a', 'ping', { receiver: 'a' }), row('gone', 'ping', { receiver: 'gone' })])).toMatchObject(
    [[{ receiver: 'a', body: 'ping a at 7' }], []],
  );
});

it('sends nothing once the account has taken its receiver back', async () => {
  const { compose } = composing({ calls: [callRow({ id: 'c' })], messages: [message('m')], url: null });
  expect(await compose([row('c', 'call.finished'), row('m', 'message.sent')])).toEqual([[], []]);
});

it('has nothing to tell of what is gone, nor of another account’s', async () => {
  const foreign = { accountId: 'account-2' };
  const rows = [row('c', 'call.finished'), row('m', 'message.sent'), row('v', 'verification.expired')];
  const there = composing({
    calls: [callRow({ id: 'c', ...foreign })],
    messages: [message('m', foreign)],
    verifications: [verification('v', foreign)],
  });
  expect(await there.compose(rows)).toEqual([null, null, null]);
  const here = { calls: [callRow({ id: 'c' })], messages: [message('m')], verifications: [verification('v')] };
  expect(await composing({ ...here, url: 'no account' }).compose(rows)).toEqual([null, null, null]);
});

it('keeps the order of what it was given, and asks once for all of a kind', async () => {
  const messages = [message('m1'), message('m2', { numberSealed: null }), message('m1', { accountId: 'account-2' })];
  const calls = [callRow({ id: 'c1' }), callRow({ id: 'c2' })];
  const { compose, asked } = composing({ calls, messages, verifications: [verification('v')] });
  const contents = await compose([
    row('m2', 'message.failed'),
    row('c2', 'call.finished'),
    row('m1', 'message.sent'),
    row('m3', 'message.sent'),
    row('v', 'verification.canceled'),
    row('c1', 'call.finished'),
    row('m1', 'message.delivered'),
    row('m1', 'message.expired', { accountId: 'account-2' }),
  ]);
  expect(contents.map((content) => content?.[0]?.body)).toEqual([
    'message.failed m2 to null',
    'tingting’s call c2 to null',
    'message.sent m1 to +9779851023212',
    undefined,
    'verification.canceled v to +9779851023212',
    'tingting’s call c1 to null',
    'message.delivered m1 to +9779851023212',
    // A number that was sealed for another account does not open here.
    'message.expired m1 to null',
  ]);
  expect(asked).toEqual(['2 calls', '5 messages', '1 verifications']);
});

it('rejects as the store does, so that it is asked again', async () => {
  const away = async () => {
    throw new PassbellError('unavailable', { reason: 'store' });
  };
  const facts = { calls: away, messages: async () => [], verifications: async () => [] };
  const compose = composer({
    receivers: async () => null,
    tell: teller({ facts, vault: glassVault, wording: WORDING }),
  });
  await expect(compose([row('c', 'call.finished')])).rejects.toMatchObject({ code: 'unavailable' });
});
