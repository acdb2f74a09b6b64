import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { seededRandom } from '../../server/src/values/seeded-random.ts';
import { TORTURE, tortured } from '../../server/src/voice/calls/sip/message/rfc4475/torture.ts';
import { need } from '../peers/need.ts';
import { addTrunk, call, openAccount } from '../service/api.ts';
import { startCallbackReceiver } from '../service/callback-receiver.ts';
import { startService } from '../service/service.ts';
import { instruct, recordOf } from '../service/voice.ts';
import { answers } from './callees.ts';
import { test } from './with-peers.ts';

const MESSAGES = Number(process.env['E2E_FUZZ'] ?? 100_000);
/** So many leave before the service is looked at: a flood that the kernel throws away proves nothing. */
const WINDOW = 50;

describe.runIf(need('sipp'))('a call', () => {
  test('is left alone by the 49 messages of RFC 4475, and by 100,000 bent ones at its SIP port and as many packets at its RTP port', async ({
    peers,
  }) => {
    const receiver = await startCallbackReceiver();
    const env = {
      PASSBELL_CALLBACK_ALLOW: '127.0.0.0/8',
      PASSBELL_SIP_ADDRESS: '127.0.0.1',
      PASSBELL_RTP_PORTS: 'any',
    };
    const service = await startService({ env });
    const admin = service.ready.admin_token ?? '';
    const settings = { countries: ['*'] };
    const account = await openAccount(service.url, admin, { credits: 0, voiceCredits: 100, settings });
    const bob = await peers.sipp({ scenario: answers() });
    await addTrunk(service.url, admin, 'main', { port: bob.port, max_call_seconds: 600 });
    const attacker = createSocket('udp4');
    attacker.bind(0, '127.0.0.1');
    await once(attacker, 'listening');
    // Answers to what is no attack come back: they must not fill the buffer up.
    let answered = 0;
    attacker.on('message', () => {
      answered += 1;
    });

    // Long enough to outlast it all: the code is said four times, character by character.
    const code = '407182407182407182407182407182407182407182407182407182407182';
    const made = await instruct(service.url, account.productTokens.live, {
      ...{ callee: '+9779851023212', code, 'auto-replay': true, 'max-replays': 3, 'callback-url': receiver.url },
    });
    await bob.hasReceived('ACK');
    const [invite] = bob.received('INVITE');
    const sipPort = Number(/:(\d+)/.exec(/^Contact:.*$/im.exec(invite?.text ?? '')?.[0] ?? '')?.[1]);
    const rtpPort = Number(/^m=audio (\d+)/m.exec(invite?.text ?? '')?.[1]);
    expect(sipPort).toBeGreaterThan(1024);
    expect(rtpPort).toBeGreaterThan(1024);

    const random = seededRandom(4475);
    for (const { octets } of TORTURE) await send(attacker, octets, sipPort);
    for (const { octets } of TORTURE) await send(attacker, asResponse(octets), sipPort);
    const bent = tortured(random);
    for (let sent = 0; sent < MESSAGES; sent += WINDOW) {
      for (let i = 0; i < WINDOW; i += 1) {
        void send(attacker, bent.next().value, sipPort);
        void send(attacker, packet(random.bytes(random.below(200)), random.below(4)), rtpPort);
      }
      await send(attacker, Buffer.from('\r\n\r\n'), sipPort);
      if (sent % 5_000 === 0) expect((await call('GET', `${service.url}/livez`)).status).toBe(200);
      await setImmediate();
    }
    expect(answered).toBeGreaterThan(0);

    // The call goes on as if nothing had been: it still hears its callee hang up nothing, and ends by its own script.
    const id = made.body['call-id'];
    const record = await recordOf(service.url, account.live, id);
    expect(record).toMatchObject({ state: 'submitted', outcome: null });
    await bob.stop();
    expect([service.process.exitCode, service.process.signalCode]).toEqual([null, null]);
    expect(service.log()).not.toContain('"level":"error"');

    // And another call is made and ends in order.
    const carol = await peers.sipp({ scenario: answers() });
    await addTrunk(service.url, admin, 'main', { port: carol.port });
    const next = await instruct(service.url, account.productTokens.live, {
      ...{ callee: '+9779851023213', code: '4', 'callback-url': receiver.url },
    });
    const told = await receiver.next(({ body }) => body['call-id'] === next.body['call-id']);
    expect(told.body).toMatchObject({ result: { code: 10 } });
    await service.stop();
    await receiver.stop();
    attacker.close();
  }, 120_000);
});

function send(from: Socket, octets: Uint8Array, port: number): Promise<void> {
  return new Promise((resolve) => from.send(octets, port, '127.0.0.1', () => resolve()));
}

/** The same message with a status line in place of its request line. */
function asResponse(octets: Buffer): Buffer {
  const end = octets.indexOf('\r\n');
  return Buffer.concat([Buffer.from('SIP/2.0 200 OK'), octets.subarray(Math.max(0, end))]);
}

/** Something like RTP: often its version and a payload type that is spoken, so that it gets past the first look. */
function packet(bytes: Uint8Array, how: number): Uint8Array {
  const out = Uint8Array.from(bytes);
  if (how > 0 && out.length > 1) {
    out[0] = 0x80 | ((out[0] ?? 0) & 0x1f);
    out[1] = [0, 8, 101][how - 1] ?? 0;
  }
  return out;
}
