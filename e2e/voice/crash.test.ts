import { afterAll, beforeAll, describe, expect } from 'vitest';
import { need } from '../peers/need.ts';
import { addTrunk, balance, openAccount, type TestAccount } from '../service/api.ts';
import { type CallbackReceiver, startCallbackReceiver } from '../service/callback-receiver.ts';
import { eventually } from '../service/eventually.ts';
import { checkLedger } from '../service/ledger.ts';
import { type Service, startService, temporaryFolder } from '../service/service.ts';
import { instruct, recordOf } from '../service/voice.ts';
import { answers, neverAnswers } from './callees.ts';
import { test } from './with-peers.ts';

const env = { PASSBELL_CALLBACK_ALLOW: '127.0.0.0/8', PASSBELL_SIP_ADDRESS: '127.0.0.1', PASSBELL_RTP_PORTS: 'any' };
const CALLEE = '+9779851023212';
const spoken = {
  'intro-prompt': 'Hello from Acme.',
  'code-prompt': 'Your code is',
  code: '407182',
  voice: { language: 'en-GB' },
};

describe.runIf(need('sipp'))('a service that is killed', () => {
  let receiver: CallbackReceiver;
  beforeAll(async () => {
    receiver = await startCallbackReceiver();
  });
  afterAll(() => receiver.stop());

  /** A service with one trunk to `port`, and an account that calls through it. */
  async function calling(port: number, trunk: object = {}) {
    const data = temporaryFolder();
    const service = await startService({ data, env });
    const admin = service.ready.admin_token ?? '';
    const settings = { countries: ['*'] };
    const account = await openAccount(service.url, admin, { credits: 0, voiceCredits: 10, settings });
    await addTrunk(service.url, admin, 'main', { port, ...trunk });
    return { service, account, again: () => startService({ data, env }) };
  }

  async function place({ url }: Service, account: TestAccount, more: object = {}): Promise<string> {
    const body = { ...spoken, callee: CALLEE, 'callback-url': `${receiver.url}/cb`, ...more };
    const { status, body: answer } = await instruct(url, account.productTokens.live, body);
    expect(status, JSON.stringify(answer)).toBe(200);
    return answer['call-id'];
  }

  const told = (id: string) => receiver.next(({ body }) => body['call-id'] === id);
  const timesTold = (id: string) => receiver.received.filter(({ body }) => body['call-id'] === id).length;
  const voice = ({ url }: Service, { live }: TestAccount) => balance(url, live, 'voice');

  test('in the middle of a call ends it as lost, tells so once, and does not charge it', async ({ peers }) => {
    const bob = await peers.sipp({ scenario: answers() });
    const { service, account, again } = await calling(bob.port);
    const id = await place(service, account);
    await bob.hasReceived('ACK');
    // The answer is in the store: from here on the call must not be dialled again.
    await eventually(
      () => recordOf(service.url, account.live, id),
      ({ answered_at }) => answered_at !== null,
    );
    await service.kill9();
    const next = await again();
    const { body } = await told(id);
    expect(body).toMatchObject({ type: 'otp-finished', result: { code: 11 } });
    expect(body['answered-on']).not.toBeNull();
    expect(await recordOf(next.url, account.live, id)).toMatchObject({
      state: 'failed',
      reason: 'node_lost',
      credits: 0,
    });
    expect(await voice(next, account)).toMatchObject({ available: 10, held: 0, captured: 0 });
    await checkLedger(next.url, account.live, 'voice');
    expect(await next.stop()).toBe(0);
    expect(bob.received('INVITE')).toHaveLength(1);
    expect(timesTold(id)).toBe(1);
  });

  test('between the answer to the caller and the INVITE dials once it is back, and charges once', async ({ peers }) => {
    // The one line is taken: what is accepted meanwhile waits.
    const first = await peers.sipp({ scenario: neverAnswers() });
    const { service, account, again } = await calling(first.port, { max_calls: 1 });
    await place(service, account);
    await first.hasReceived('INVITE');
    const waiting = await place(service, account, { callee: '+9779851023213' });
    expect(await recordOf(service.url, account.live, waiting)).toMatchObject({ state: 'queued', trunk: null });
    await service.kill9();
    await first.stop();

    const bob = await peers.sipp({ scenario: answers() });
    const next = await again();
    await addTrunk(next.url, service.ready.admin_token ?? '', 'main', { port: bob.port, max_calls: 10 });
    const { body } = await told(waiting);
    expect(body).toMatchObject({ result: { code: 10, 'sip-disconnect-code': 'BYE' }, callee: '+9779851023213' });
    expect(await recordOf(next.url, account.live, waiting)).toMatchObject({ state: 'delivered', credits: 1 });
    expect(await next.stop()).toBe(0);
    const to = bob.received('INVITE').filter(({ firstLine }) => firstLine.includes('9779851023213'));
    expect(to).toHaveLength(1);
    expect(timesTold(waiting)).toBe(1);
  });

  test('while it rings dials once more, and no third time', async ({ peers }) => {
    const bob = await peers.sipp({ scenario: neverAnswers() });
    const { service, account, again } = await calling(bob.port);
    const id = await place(service, account);
    await bob.hasReceived('INVITE', 1);
    await service.kill9();
    const second = await again();
    await bob.hasReceived('INVITE', 2);
    await second.kill9();
    const third = await again();
    const { body } = await told(id);
    expect(body).toMatchObject({ result: { code: 11 }, 'answered-on': null });
    expect(await recordOf(third.url, account.live, id)).toMatchObject({ state: 'failed', reason: 'outcome_unknown' });
    expect(await voice(third, account)).toMatchObject({ available: 10, held: 0, captured: 0 });
    expect(await third.stop()).toBe(0);
    expect(bob.received('INVITE')).toHaveLength(2);
    expect(timesTold(id)).toBe(1);
  });

  test('at any moment forgets no call, charges none twice, and tells of each', async () => {
    const data = temporaryFolder();
    let service = await startService({ data, env });
    const admin = service.ready.admin_token ?? '';
    const account = await openAccount(service.url, admin, { credits: 0, voiceCredits: 10_000 });
    const accepted: string[] = [];
    // The sandbox phone: busy, rejected, or answered at once with the key 1.
    const endings = ['0011', '0013', '0014'];

    for (let kill = 0; kill < Number(process.env['E2E_KILLS'] ?? 6); kill += 1) {
      const { url } = service;
      let going = true;
      const caller = async (n: number) => {
        for (let i = 0; going; i += 1) {
          const callee = `+97798${String(51_000 + ((kill * 97 + n * 31 + i) % 9_000)).slice(0, 4)}${endings[i % endings.length]}`;
          const body = { ...spoken, 'intro-prompt': null, code: '4', callee, 'callback-url': `${receiver.url}/cb` };
          const answer = await instruct(url, account.productTokens.test, body).catch(() => null);
          if (answer?.status === 200) accepted.push(answer.body['call-id']);
        }
      };
      const callers = [1, 2, 3, 4].map(caller);
      // From just after the start to well within the calls.
      await new Promise((resolve) => setTimeout(resolve, 200 + ((kill * 617) % 1_900)));
      await service.kill9();
      going = false;
      await Promise.all(callers);
      service = await startService({ data, env });
    }

    expect(accepted.length).toBeGreaterThan(20);
    const untold = () => accepted.filter((id) => timesTold(id) === 0);
    await eventually(
      async () => untold().length,
      (count) => count === 0,
      60_000,
    );
    const settled = await eventually(
      () => voice(service, account),
      ({ held }) => held === 0,
    );
    expect(settled.granted).toBe(10_000);
    await checkLedger(service.url, account.test, 'voice');
    // A callback that was sent but not written down is sent again: under the same id, so that the receiver can tell.
    const ids = new Map<unknown, Set<unknown>>();
    for (const { body, headers } of receiver.received) {
      const known = ids.get(body['call-id']) ?? new Set();
      ids.set(body['call-id'], known.add(headers['webhook-id']));
    }
    for (const id of accepted) expect(ids.get(id)?.size).toBe(1);
    expect(await service.stop()).toBe(0);
  }, 180_000);
});
