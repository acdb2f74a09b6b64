import { describe, expect } from 'vitest';
import { need } from '../peers/need.ts';
import * as callees from './callees.ts';
import { CALLEE } from './line.ts';
import { test } from './with-line.ts';

/** Who calls, as a trunk is told, and why the far end hung up, as the caller is told. */

const CALLER = '+9779801234567';
const ANONYMOUS = /^"Anonymous" <sip:anonymous@anonymous\.invalid>;tag=/;

describe.runIf(need('sipp')).concurrent('a call', () => {
  test('shows its caller', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.answers() });
    await line.trunk({ port: bob.port });
    await line.call({ caller: CALLER });
    const [invite = expect.fail()] = await bob.hasReceived('INVITE');
    expect(invite.firstLine).toBe(`INVITE sip:${CALLEE}@127.0.0.1:${bob.port} SIP/2.0`);
    expect(invite.header('From')).toContain(`<sip:${CALLER}@127.0.0.1>;tag=`);
    expect([invite.header('Privacy'), invite.header('P-Asserted-Identity')]).toEqual([undefined, undefined]);
  });

  test('hides an anonymous caller from a trunk, which reaches us all the same', async ({ line, peers }) => {
    // It hangs up: the BYE goes to our Contact.
    const bob = await peers.sipp({ scenario: callees.hangsUp(300) });
    await line.trunk({ port: bob.port, username: 'acme', password: 'open sesame' });
    const { record } = await line.call({ caller: CALLER, anonymous: true, code: '48291' });
    expect(record).toMatchObject({ outcome: 'completed', credits: 1 });
    expect(await bob.ended(1), bob.errors()).toMatchObject({ finished: 1, failed: 0 });
    const [invite = expect.fail()] = bob.received('INVITE');
    expect(invite.header('From')).toMatch(ANONYMOUS);
    expect(invite.header('Privacy')).toBe('id');
    expect(invite.header('Contact')).toMatch(/^<sip:[a-z]+@127\.0\.0\.1:\d+>$/);
    for (const { text } of bob.messages()) expect(text).not.toMatch(/9801234567|P-Asserted-Identity|acme/i);
  });

  test('tells a trusted trunk alone who the anonymous caller is', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.answers() });
    await line.trunk({ port: bob.port, trusted_identity: true });
    await line.call({ caller: CALLER, anonymous: true });
    const [invite = expect.fail()] = await bob.hasReceived('INVITE');
    expect(invite.header('From')).toMatch(ANONYMOUS);
    expect(invite.header('Privacy')).toBe('id');
    expect(invite.header('P-Asserted-Identity')).toBe(`<sip:${CALLER}@127.0.0.1>`);
    const named = invite.text.split('\n').filter((text) => text.includes('9801234567'));
    expect(named).toEqual([`P-Asserted-Identity: <sip:${CALLER}@127.0.0.1>`]);
  });

  test('that is hung up for a reason has it in its record', async ({ line, peers }) => {
    const reason = 'Reason: SIP;cause=200, Q.850;cause=31;text="Normal, unspecified"';
    const bob = await peers.sipp({ scenario: callees.hangsUp(300, {}, [reason]) });
    await line.trunk({ port: bob.port });
    const { record, result } = await line.call({ code: '48291' });
    expect(record).toMatchObject({ outcome: 'completed', q850_cause: 31, sip_reason: 'Normal, unspecified' });
    expect(result).toMatchObject({ code: 10, 'sip-disconnect-reason': 'Normal, unspecified' });
  });
});
