import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { allMatches } from '../peers/correlate.ts';
import { dtmfKeys } from '../peers/multimon.ts';
import { need } from '../peers/need.ts';
import type { Scenario } from '../peers/sipp-scenario.ts';
import * as callees from './callees.ts';
import * as callers from './callers.ts';
import { dtmfTones } from './dtmf-tones.ts';
import { optionsOverTls } from './options-over-tls.ts';
import { test } from './with-peers.ts';

// The peers among themselves, without our service: when these pass and another test does not, it is our service that is wrong.

const TRUNK = { username: 'trunk', password: 'open sesame' };
const folder = mkdtempSync(join(tmpdir(), 'passbell-voice-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(need('sipp')).concurrent('SIPp plays', () => {
  const cancelling = { afterMs: 100 };
  const calls: readonly (readonly [string, Scenario, Scenario])[] = [
    ['who answers', callees.answers({ afterMs: 100 }), callers.places()],
    ['who is busy', callees.busy(), callers.isRefused(486)],
    ['who forbids', callees.rejects(403, 'Forbidden'), callers.isRefused(403)],
    ['who is overloaded', callees.rejects(503, 'Service Unavailable', ['Retry-After: 7']), callers.isRefused(503)],
    ['who never answers', callees.neverAnswers(), callers.cancels(cancelling)],
    ['who answers as the caller gives up', callees.crossesCancel(), callers.cancels({ ...cancelling, crossing: true })],
    ['who hangs up', callees.hangsUp(100), callers.isHungUpOn()],
    ['who presses a key by INFO', callees.pressesByInfo('1', 100), callers.isAsked('INFO')],
    ['who knows its callers', callees.challenges(TRUNK), callers.places({ challenge: 401 })],
    ['who answers thrice', callees.repeatsAnswer(), callers.places({ forMs: 600 })],
    ['two who answer', callees.forks(), callers.isForked()],
    ['who holds the line', callees.holds({ afterMs: 100, forMs: 100 }), callers.isAsked('INVITE', 'INVITE')],
    ['who asks OPTIONS', callees.asksOptions(100), callers.isAsked('OPTIONS')],
    ['who answers OPTIONS', callees.answersOptions(), callers.asks()],
  ];
  test.for(calls)('%s', async ([, callee, caller], { peers }) => {
    const called = await peers.sipp({ scenario: callee, credentials: TRUNK });
    const calling = await peers.sipp({
      scenario: caller,
      credentials: TRUNK,
      call: { user: 'bob', port: called.port },
    });
    expect(await calling.ended(1)).toMatchObject({ finished: 1, failed: 0 });
    expect(await called.ended(1)).toMatchObject({ seen: 1, finished: 1, failed: 0 });
  });

  test('who refuses a wrong password', async ({ peers }) => {
    const called = await peers.sipp({ scenario: callees.challenges({ ...TRUNK, password: 'other' }) });
    const call = { user: 'bob', port: called.port };
    await peers.sipp({ scenario: callers.places({ challenge: 401 }), credentials: TRUNK, call });
    await called.hasReceived('INVITE', 2);
    await called.hasReceived('BYE');
    // The last one answers SIPp, which was promised better and gives up.
    expect(called.sent('SIP/2.0').map(({ firstLine }) => firstLine)).toEqual([
      'SIP/2.0 401 Unauthorized',
      'SIP/2.0 403 Forbidden',
      'SIP/2.0 200 OK',
    ]);
  });

  test('who does not hear the BYE', async ({ peers }) => {
    const called = await peers.sipp({ scenario: callees.losesBye() });
    await peers.sipp({ scenario: callers.places(), call: { user: 'bob', port: called.port } });
    const [first, second] = await called.hasReceived('BYE', 2);
    expect(second?.text).toBe(first?.text);
    expect(called.sent('SIP/2.0 200')).toHaveLength(1);
  });

  test('who is not there', async ({ peers }) => {
    const called = await peers.sipp({ scenario: callees.silent() });
    await peers.sipp({ scenario: callers.places(), call: { user: 'bob', port: called.port } });
    await called.hasReceived('INVITE', 2);
    expect(called.sent('')).toEqual([]);
  });

  test.for(['127.0.0.1', '::1'] as const)('over TCP on %s', async (host, { peers }) => {
    const called = await peers.sipp({ scenario: callees.answers(), transport: 'tcp', host });
    const call = { user: 'bob', port: called.port };
    const calling = await peers.sipp({ scenario: callers.places(), transport: 'tcp', host, call });
    expect(await calling.ended(1)).toMatchObject({ finished: 1, failed: 0 });
    expect(called.received('INVITE')[0]?.header('via')).toContain(`SIP/2.0/TCP ${host === '::1' ? '[::1]' : host}:`);
  });

  test('two hundred at once', async ({ peers }) => {
    const called = await peers.sipp({ scenario: callees.answers(), echo: true, trace: false });
    const call = { user: 'bob', port: called.port, times: 200, aSecond: 400 };
    const calling = await peers.sipp({ scenario: callers.places({ forMs: 1_000 }), trace: false, call });
    expect(await calling.ended(200)).toMatchObject({ finished: 200, failed: 0 });
    expect(await called.ended(200)).toMatchObject({ finished: 200, failed: 0 });
  });
});

describe.runIf(need('sipp', 'tshark')).concurrent('tshark reads', () => {
  test('the sound that SIPp echoes, and that none of it is lost', async ({ peers }) => {
    const called = await peers.sipp({ scenario: callees.answers({ codec: 'pcma' }), echo: true });
    const recording = await peers.capture(called.mediaPort);
    const sound = join(folder, 'sound.pcma');
    writeFileSync(sound, dtmfTones('123').encoded('pcma'));
    const call = { user: 'bob', port: called.port };
    const calling = await peers.sipp({ scenario: callers.places({ sound, codec: 'pcma', forMs: 1_500 }), call });
    await calling.ended(1);
    await recording.stop();
    const streams = await recording.streams();
    expect(streams.map(({ payload, lost }) => ({ payload, lost }))).toEqual([
      { payload: 'g711A', lost: 0 },
      { payload: 'g711A', lost: 0 },
    ]);
    expect(streams.map(({ fromPort }) => fromPort)).toContain(called.mediaPort);
    for (const { packets, meanJitter, maxJitter } of streams) {
      expect(packets).toBeGreaterThan(20);
      expect(maxJitter).toBeGreaterThanOrEqual(meanJitter);
    }
  });

  test('the keys and the early sound that SIPp sends', async ({ peers }) => {
    const pressing = await peers.sipp({ scenario: callees.presses('1#', 100) });
    const early = await peers.sipp({ scenario: callees.earlyMedia({ forMs: 500 }) });
    const [keys, sound] = [await peers.capture(pressing.mediaPort), await peers.capture(early.mediaPort)];
    const pressed = await peers.sipp({
      scenario: callers.places({ forMs: 3_000 }),
      call: { user: 'bob', port: pressing.port },
    });
    const calling = await peers.sipp({
      scenario: callers.places({ codec: 'pcma' }),
      call: { user: 'bob', port: early.port },
    });
    expect(await calling.ended(1)).toMatchObject({ finished: 1 });
    expect(await pressed.ended(1)).toMatchObject({ finished: 1 });
    await Promise.all([keys.stop(), sound.stop()]);
    const events = await keys.events();
    expect([...new Set(events.map(({ event }) => event))]).toEqual([1, 11]);
    expect(events.some(({ end }) => end)).toBe(true);
    expect((await sound.streams())[0]?.packets).toBeGreaterThan(5);
  });
});

describe.runIf(need('sipp', 'baresip', 'multimon-ng', 'tshark', 'openssl')).concurrent('baresip', () => {
  test('records what it hears, and multimon-ng reads it; its keys are seen', async ({ peers }) => {
    const bob = await peers.baresip();
    const tones = dtmfTones('4455902#1');
    const sound = join(folder, 'sound.pcmu');
    writeFileSync(sound, tones.encoded('pcmu'));
    const scenario = callers.places({ sound, forMs: 3_000 });
    const calling = await peers.sipp({ scenario, call: { user: 'bob', port: bob.port } });
    const recording = await peers.capture(calling.mediaPort);
    await bob.answered();
    await bob.press('1');
    expect(await calling.ended(1)).toMatchObject({ finished: 1 });
    const [heard = expect.fail()] = await bob.heard();
    expect(await dtmfKeys(heard)).toBe('4455902#1');
    const nine = dtmfTones('9', { pauseMs: 0 }).pcm;
    expect(allMatches(heard.samples, nine)).toEqual([{ offset: expect.any(Number), score: expect.closeTo(1, 1) }]);
    await recording.stop();
    const events = await recording.events();
    expect(new Set(events.map(({ event }) => event))).toEqual(new Set([1]));
    expect(events.at(-1)?.end).toBe(true);
  });

  test('calls baresip through a bad network, and hangs up', async ({ peers }) => {
    const [alice, bob] = [
      await peers.baresip({ user: 'alice' }),
      await peers.baresip({ codec: 'pcma', host: '127.0.0.1' }),
    ];
    const network = await peers.lossyUdp({
      to: bob.port,
      seed: 21,
      lostInThousand: 300,
      doubledInThousand: 200,
      lateByMs: 20,
    });
    await alice.call(`sip:bob@127.0.0.1:${network.port}`);
    await Promise.all([alice.answered(), bob.answered()]);
    await bob.hangUp();
    await Promise.all([alice.ended(), bob.ended()]);
    expect(network.lost).toBeGreaterThan(0);
    expect(network.doubled).toBeGreaterThan(0);
    expect(bob.output()).toContain('Set audio decoder: PCMA');
  });
});

describe.runIf(need('sipp', 'baresip', 'kamailio', 'kamailio-tls', 'openssl')).concurrent('Kamailio', () => {
  test('lets a call through over TLS, and what the callee asks within it', async ({ peers }) => {
    const called = await peers.sipp({ scenario: callees.hangsUp(200) });
    const proxy = await peers.kamailio({ forwardsTo: called });
    const alice = await peers.baresip({ user: 'alice' });
    await alice.call(`sip:bob@127.0.0.1:${proxy.tlsPort};transport=tls`);
    await proxy.hasSaid('forwarded INVITE over tls');
    expect(await called.ended(1)).toMatchObject({ finished: 1, failed: 0 });
    expect(called.received('INVITE')[0]?.header('Record-Route')).toContain(`127.0.0.1:${proxy.port}`);
  });

  test('wants SHA-256 over TLS', async ({ peers }) => {
    const called = await peers.sipp({ scenario: callees.answersOptions() });
    const proxy = await peers.kamailio({ forwardsTo: called, digest: { ...TRUNK, algorithm: 'SHA-256' } });
    const asked = { port: proxy.tlsPort, authority: proxy.authority, username: TRUNK.username };
    expect(await optionsOverTls({ ...asked, password: TRUNK.password })).toEqual([
      'SIP/2.0 407 Proxy Authentication Required',
      'SIP/2.0 200 OK',
    ]);
    const [, refused] = await optionsOverTls({ ...asked, password: 'other' });
    expect(refused).toBe('SIP/2.0 407 Proxy Authentication Required');
  });

  test('wants a registration, and MD5', async ({ peers }) => {
    const called = await peers.sipp({ scenario: callees.answers() });
    const digest = { ...TRUNK, algorithm: 'MD5' } as const;
    const proxy = await peers.kamailio({ forwardsTo: called, registrar: true, digest });
    const call = { user: 'bob', port: proxy.port };
    const stranger = await peers.sipp({ scenario: callers.places({ challenge: 407 }), credentials: TRUNK, call });
    await stranger.hasReceived('SIP/2.0 403');
    const known = callers.places({ registers: true, challenge: 407 });
    const calling = await peers.sipp({ scenario: known, credentials: TRUNK, call });
    expect(await calling.ended(1)).toMatchObject({ finished: 1, failed: 0 });
    await proxy.hasSaid('registered caller for 300 s');
    expect(await called.ended(1)).toMatchObject({ seen: 1, finished: 1 });
  });
});
