import { describe, expect } from 'vitest';
import { need } from '../peers/need.ts';
import type { Sipp } from '../peers/sipp.ts';
import * as callees from './callees.ts';
import { test } from './with-line.ts';

/**
 * Every end that a call can have, over SIP to SIPp: what the far end saw, what the caller was told, what was charged. Each test has a
 * service of its own, and its end holds that each call was told of exactly once.
 */

const REPLAYS = { 'replay-prompt': 'Press 1.', 'max-replays': 1 };
/** Spoken in about five seconds: long enough for whatever happens meanwhile. */
const LONG = { code: '4829175' };

const COMPLETED = {
  result: { code: 10, description: 'Finished successfully', 'sip-disconnect-code': 'BYE' },
  record: { state: 'delivered', outcome: 'completed', reason: null, sip_status: null, credits: 1, trunk: 'main' },
};

function cancelled(status: number | null) {
  return {
    result: { code: 9, description: 'Cancelled', 'sip-disconnect-code': status === null ? '' : String(status) },
    record: { state: 'undelivered', outcome: 'cancelled', reason: 'call_unanswered', sip_status: status, credits: 0 },
  };
}

function rejected(status: number) {
  return {
    result: { code: 12, description: 'Call rejected', 'sip-disconnect-code': String(status) },
    record: { state: 'undelivered', outcome: 'rejected', reason: 'call_rejected', sip_status: status, credits: 0 },
  };
}

function failed(status: number) {
  return {
    result: { code: 11, description: 'Failed', 'sip-disconnect-code': String(status) },
    record: { state: 'failed', outcome: 'failed', reason: 'call_failed', sip_status: status, credits: 0 },
  };
}

/** The call went as SIPp's scenario says, to its last message. */
async function wentWell(peer: Sipp, calls = 1): Promise<void> {
  expect(await peer.ended(calls), peer.errors()).toMatchObject({ seen: calls, finished: calls, failed: 0 });
}

/** Milliseconds from one message of SIPp's log to another. */
function between(first: { at: number | null } | undefined, second: { at: number | null } | undefined): number {
  return (second?.at ?? Number.NaN) - (first?.at ?? Number.NaN);
}

describe.runIf(need('sipp')).concurrent('a call', () => {
  // The long ones first, so that the others run beside them.
  test.for([
    [404, 'Not Found'],
    [480, 'Temporarily Unavailable'],
    [503, 'Service Unavailable'],
  ] as const)(
    'to %i %s and nobody else to ask is tried again for a while, and fails',
    async ([status, words], { line, peers }) => {
      const bob = await peers.sipp({ scenario: callees.rejects(status, words) });
      await line.trunk({ port: bob.port });
      const call = await line.call();
      expect(call).toMatchObject(failed(status));
      expect(call.result['sip-disconnect-reason']).toBe(words);
      expect(call.record).toMatchObject({ ringing_at: null, answered_at: null });
      await wentWell(bob, 4);
    },
  );

  test('that nobody answers is cancelled when its time to ring is over', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.neverAnswers() });
    await line.trunk({ port: bob.port });
    const call = await line.call({ 'max-ringing-timeout': 10 });
    expect(call).toMatchObject(cancelled(487));
    expect(call.record.ringing_at).not.toBeNull();
    await wentWell(bob);
    const rang = between(bob.sent('SIP/2.0 180')[0], bob.received('CANCEL')[0]);
    expect(rang).toBeGreaterThan(9_500);
    expect(rang).toBeLessThan(15_000);
  });

  test('that is answered as it is cancelled is hung up at once, and not charged', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.crossesCancel() });
    await line.trunk({ port: bob.port });
    const call = await line.call({ 'max-ringing-timeout': 10 });
    expect(call).toMatchObject(cancelled(null));
    expect(call.record.answered_at).toBeNull();
    await wentWell(bob);
    expect(bob.received('ACK')).toHaveLength(1);
    expect(bob.received('BYE')).toHaveLength(1);
  });

  test('whose BYE is lost ends all the same, at the time that we hung up', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.losesBye() });
    await line.trunk({ port: bob.port });
    const call = await line.call();
    expect(call).toMatchObject(COMPLETED);
    const [bye, again] = await bob.hasReceived('BYE', 3);
    expect(again?.text).toBe(bye?.text);
    const late = Date.parse(call.record.ended_at ?? '') - (bye?.at ?? 0);
    expect(Math.abs(late)).toBeLessThan(2_500);
  });

  test('to a target that says nothing goes to the next one within seconds', async ({ line, peers }) => {
    const silent = await peers.sipp({ scenario: callees.silent() });
    const bob = await peers.sipp({ scenario: callees.answers() });
    await line.trunk({ port: silent.port, backups: [{ host: '127.0.0.1', port: bob.port }] });
    expect(await line.call(LONG)).toMatchObject(COMPLETED);
    await wentWell(bob);
    const tries = silent.received('INVITE');
    const took = between(tries[0], bob.received('INVITE')[0]);
    expect(took).toBeGreaterThan(4_500);
    expect(took).toBeLessThan(10_000);
    // It was given up: nothing is sent to it afterwards, whose phone would ring beside the other.
    expect(between(tries[0], tries.at(-1))).toBeLessThan(5_000);
    expect(silent.received('CANCEL')).toEqual([]);
    // And the next call does not wait for it.
    await line.call();
    expect(silent.received('INVITE')).toHaveLength(tries.length);
    await wentWell(bob, 2);
  });

  test('to a target that is overloaded goes to the next one, and so does the next call', async ({ line, peers }) => {
    const busy = await peers.sipp({
      scenario: callees.rejects(503, 'Service Unavailable', ['Retry-After: 60']),
    });
    const bob = await peers.sipp({ scenario: callees.answers() });
    await line.trunk({ port: busy.port, backups: [{ host: '127.0.0.1', port: bob.port }] });
    expect(await line.call()).toMatchObject(COMPLETED);
    await wentWell(busy);
    expect(await line.call()).toMatchObject(COMPLETED);
    await wentWell(bob, 2);
    expect(busy.received('INVITE')).toHaveLength(1);
  });

  test('whose callee presses 1 hears the code again', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.presses('1', 800) });
    await line.trunk({ port: bob.port });
    const call = await line.call({ ...LONG, ...REPLAYS });
    expect(call).toMatchObject(COMPLETED);
    expect(call.callback.body).toMatchObject({ replays: 1 });
    await wentWell(bob);
  });

  test('whose callee presses 1 by INFO hears the code again', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.pressesByInfo('1', 800) });
    await line.trunk({ port: bob.port });
    const call = await line.call({ ...LONG, ...REPLAYS });
    expect(call).toMatchObject(COMPLETED);
    expect(call.callback.body).toMatchObject({ replays: 1 });
    await wentWell(bob);
  });

  test('whose callee presses another key does not', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.pressesByInfo('5', 300) });
    await line.trunk({ port: bob.port });
    const call = await line.call(REPLAYS);
    expect(call).toMatchObject(COMPLETED);
    expect(call.callback.body).toMatchObject({ replays: 0 });
    await wentWell(bob);
  });

  test('that is answered is spoken to its end, and hung up', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.answers({ afterMs: 1_000 }) });
    await line.trunk({ port: bob.port });
    const call = await line.call();
    expect(call).toMatchObject(COMPLETED);
    expect(call.callback.body).toMatchObject({ replays: 0 });
    await wentWell(bob);
    const [rang, answered] = [Date.parse(call.record.ringing_at ?? ''), Date.parse(call.record.answered_at ?? '')];
    expect(answered - rang).toBeGreaterThan(500);
    const talked = between(bob.received('ACK')[0], bob.received('BYE')[0]);
    expect(talked).toBeGreaterThan(500);
    expect(call.record.duration_seconds).toBe(Math.ceil((Date.parse(call.record.ended_at ?? '') - answered) / 1_000));
  });

  test.for([
    [486, 'Busy Here', ['Reason: Q.850;cause=17;text="User busy"'], 'User busy', 17],
    [403, 'Forbidden', [], 'Forbidden', null],
    [603, 'Decline', [], 'Decline', null],
  ] as const)(
    'to %i %s is rejected, and not tried again',
    async ([status, words, headers, told, cause], { line, peers }) => {
      const bob = await peers.sipp({ scenario: callees.rejects(status, words, headers) });
      await line.trunk({ port: bob.port });
      const call = await line.call();
      expect(call).toMatchObject(rejected(status));
      expect(call.result['sip-disconnect-reason']).toBe(told);
      expect(call.record.q850_cause).toBe(cause);
      await wentWell(bob);
    },
  );

  test('with sound before the answer counts from the answer', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.earlyMedia({ forMs: 1_500 }) });
    await line.trunk({ port: bob.port });
    const call = await line.call();
    expect(call).toMatchObject(COMPLETED);
    await wentWell(bob);
    const { ringing_at, answered_at } = call.record;
    expect(Date.parse(answered_at ?? '') - Date.parse(ringing_at ?? '')).toBeGreaterThan(700);
  });

  test('that two phones answer goes on with the first, and hangs up the second', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.forks() });
    await line.trunk({ port: bob.port });
    expect(await line.call(LONG)).toMatchObject(COMPLETED);
    await wentWell(bob);
    const [first, second] = bob.received('BYE');
    expect(first?.header('To')).toContain('-fork-');
    expect(second?.header('To')).toContain('-callee-');
    expect(between(first, second)).toBeGreaterThan(1_000);
  });

  test('that the callee hangs up in the middle of the code is finished, and charged', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.hangsUp(500) });
    await line.trunk({ port: bob.port });
    expect(await line.call(LONG)).toMatchObject(COMPLETED);
    await wentWell(bob);
    expect(bob.received('BYE')).toEqual([]);
  });

  test('whose answer comes three times is acknowledged three times', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.repeatsAnswer() });
    await line.trunk({ port: bob.port });
    expect(await line.call(LONG)).toMatchObject(COMPLETED);
    await wentWell(bob);
    expect(bob.received('ACK')).toHaveLength(3);
  });

  test('that is put on hold and taken back goes on', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.holds({ afterMs: 300, forMs: 700 }) });
    await line.trunk({ port: bob.port });
    expect(await line.call(LONG)).toMatchObject(COMPLETED);
    await wentWell(bob);
    const answers = bob.received('SIP/2.0 200').map(({ text }) => /a=(recvonly|sendrecv)/.exec(text)?.[1]);
    expect(answers).toEqual(['recvonly', 'sendrecv']);
  });

  test('within which the callee asks for our abilities goes on', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.asksOptions(300) });
    await line.trunk({ port: bob.port });
    expect(await line.call()).toMatchObject(COMPLETED);
    await wentWell(bob);
    expect(bob.received('SIP/2.0 200')[0]?.header('Allow')).toContain('BYE');
  });

  test.for([
    ['with the right password is placed', 'open sesame', COMPLETED],
    ['with a wrong password is rejected', 'open barley', rejected(403)],
  ] as const)('%s', async ([, password, end], { line, peers }) => {
    const known = { username: 'trunk', password: 'open sesame' };
    const bob = await peers.sipp({ scenario: callees.challenges(known), credentials: known });
    await line.trunk({ port: bob.port, username: 'trunk', password });
    expect(await line.call()).toMatchObject(end);
    await wentWell(bob);
    const [first, second, ...more] = bob.received('INVITE');
    expect([first?.header('Authorization'), more]).toEqual([undefined, []]);
    expect(second?.header('Authorization')).toMatch(/^Digest .*username="trunk".*algorithm=MD5/);
    expect(line.service.log()).not.toContain(password);
  });
});
