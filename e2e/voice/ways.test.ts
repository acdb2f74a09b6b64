import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { findVoice } from '../../server/src/voice/voices.ts';
import { makeCertificate } from '../peers/certificate.ts';
import type { Kamailio } from '../peers/kamailio.ts';
import { need } from '../peers/need.ts';
import type { Sound } from '../peers/wav.ts';
import { call } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { listen } from './hearing.ts';
import { CALLEE, type Line } from './line.ts';
import { test, testWithLine } from './with-line.ts';

/**
 * The ways to a telephone, baresip, that answers and records: straight to it, past a proxy, Kamailio, that wants to know who calls, and
 * over a bad network.
 */

const WHO = { username: 'trunk', password: 'open sesame' };
const CODE = '4071';
/** Which messages are lost is theirs to say: these lose more than others, in both directions. */
const SEEDS = [5, 20, 25, 37];
const overIpv6 = testWithLine({ PASSBELL_SIP_ADDRESS: '::1' });

interface TrunkJson {
  readonly status: { readonly state: string; readonly trouble: string | null } | null;
}

interface CheckJson {
  readonly ok: boolean;
  readonly steps: readonly { readonly step: string; readonly ok: boolean; readonly cure: string | null }[];
}

/** What the operator is told of the trunk. */
function operator({ service }: Line) {
  const key = service.ready.admin_token ?? '';
  const trunk = `${service.url}/admin/v1/trunks/main`;
  return {
    sees: async () => (await call<TrunkJson>('GET', trunk, { key })).body.status,
    checks: async () => (await call<CheckJson>('POST', `${trunk}/check`, { key })).body,
    removes: async () => expect((await call('DELETE', trunk, { key })).status).toBe(204),
  };
}

function heardIn({ data }: Line, [sound]: readonly Sound[]): Promise<void> {
  const { voice } = findVoice({ language: 'en-GB' });
  return listen(data, (ear) => ear.hears(sound ?? expect.fail(), CODE, voice));
}

function tlsOf({ tlsPort, authority }: Kamailio) {
  return { port: tlsPort, transport: 'tls', tls_ca: readFileSync(authority, 'utf8') };
}

describe.runIf(need('baresip', 'kamailio', 'kamailio-tls', 'openssl')).concurrent('a call', () => {
  // The long ones first, so that the others run beside them.
  test('over TLS to one whom another authority vouches for is not placed, and the operator is told why', async ({
    line,
    peers,
  }) => {
    const bob = await peers.baresip({ user: CALLEE });
    const proxy = await peers.kamailio({ forwardsTo: bob });
    const folder = mkdtempSync(join(tmpdir(), 'passbell-authority-'));
    const tls_ca = readFileSync(makeCertificate(folder).authority, 'utf8');
    rmSync(folder, { recursive: true });
    await line.trunk({ ...tlsOf(proxy), tls_ca });
    const { result, record } = await line.call();
    expect(result).toMatchObject({ code: 11, 'sip-disconnect-reason': 'No connection to the trunk' });
    expect(record).toMatchObject({ outcome: 'failed', answered_at: null, sip_status: null });
    expect([proxy.said(), bob.output().includes('answering call')]).toEqual([[], false]);
    const { sees, checks } = operator(line);
    expect(await sees()).toMatchObject({ state: 'down', trouble: expect.stringContaining('transport') });
    const { ok, steps } = await checks();
    expect([ok, steps.at(-1)]).toMatchObject([false, { step: 'tls', cure: expect.stringContaining('tls_ca') }]);
    // A call is tried for half a minute: half of the usual time for a test.
  }, 120_000);

  test('with a wrong password is not placed, and the operator is told why', async ({ line, peers }) => {
    const bob = await peers.baresip({ user: CALLEE });
    const proxy = await peers.kamailio({ forwardsTo: bob, digest: { ...WHO, algorithm: 'SHA-256' } });
    await line.trunk({ ...WHO, password: 'open barley', port: proxy.port });
    expect((await line.call()).record).toMatchObject({ outcome: 'failed', sip_status: 407, answered_at: null });
    expect(bob.output()).not.toContain('answering call');
    const { sees } = operator(line);
    expect(await sees()).toMatchObject({ state: 'degraded', trouble: expect.stringContaining('password') });
    expect(line.service.log()).not.toContain('open barley');
  });

  test('to who wants a registration is placed after one, which is taken back in the end', async ({ line, peers }) => {
    const bob = await peers.baresip({ user: CALLEE });
    const proxy = await peers.kamailio({
      ...{ forwardsTo: bob, registrar: true, digest: { ...WHO, algorithm: 'SHA-256' } },
    });
    const known = { ...WHO, port: proxy.port, from_user: 'account' };
    await line.trunk(known);
    expect((await line.call()).record).toMatchObject({ outcome: 'rejected', sip_status: 403 });
    await line.trunk({ ...known, register: true, register_expires: 300 });
    await proxy.hasSaid('registered trunk for 300 s');
    await eventually(operator(line).sees, (status) => status?.state === 'up');
    expect((await line.call({ code: CODE })).record).toMatchObject({ outcome: 'completed', credits: 1 });
    await heardIn(line, await bob.heard());
    await operator(line).removes();
    await proxy.hasSaid('registered trunk for 0 s');
  });

  test.for([
    ['udp', 'MD5'],
    ['tcp', 'SHA-256'],
    ['tls', 'SHA-256'],
  ] as const)('over %s to one who wants %s is heard', async ([transport, algorithm], { line, peers }) => {
    const bob = await peers.baresip({ user: CALLEE });
    const proxy = await peers.kamailio({ forwardsTo: bob, digest: { ...WHO, algorithm } });
    const way = transport === 'tls' ? tlsOf(proxy) : { port: proxy.port, transport };
    await line.trunk({ ...WHO, ...way });
    expect((await line.call({ code: CODE })).record).toMatchObject({ outcome: 'completed', credits: 1 });
    const [challenged, forwarded] = [`challenged INVITE over ${transport}`, `forwarded INVITE over ${transport}`];
    expect(proxy.said()).toEqual([challenged, forwarded]);
    await heardIn(line, await bob.heard());
    // The nonce is known by now: nobody asks again.
    await line.call();
    expect(proxy.said()).toEqual([challenged, forwarded, forwarded]);
    expect((await operator(line).checks()).ok).toBe(true);
  });

  overIpv6('over IPv6 is heard', async ({ line, peers }) => {
    const bob = await peers.baresip({ user: CALLEE, host: '::1' });
    await line.trunk({ host: '::1', port: bob.port });
    expect((await line.call({ code: CODE })).record).toMatchObject({ outcome: 'completed', credits: 1 });
    await heardIn(line, await bob.heard());
  });

  test.for(SEEDS)('over a network that loses a tenth ends as all others: seed %i', async (seed, { line, peers }) => {
    const bob = await peers.baresip({ user: CALLEE });
    const network = await peers.lossyUdp({ to: bob.port, seed, doubledInThousand: 100, lateByMs: 30 });
    await line.trunk({ port: network.port });
    const calls = 8;
    for (let call = 1; call <= calls; call++) {
      const { record } = await line.call({ code: '4' });
      expect(record).toMatchObject({ state: 'delivered', outcome: 'completed', sip_status: null, credits: 1 });
      await bob.ended(call);
    }
    expect(bob.output().match(/answering call/g)).toHaveLength(calls);
    expect(network.lost).toBeGreaterThan(4);
    expect(network.doubled).toBeGreaterThan(0);
  });
});
