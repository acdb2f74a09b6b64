import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { startLossyUdp } from './lossy-udp.ts';

async function socket(): Promise<Socket> {
  const open = createSocket('udp4');
  open.bind(0, '127.0.0.1');
  await once(open, 'listening');
  onTestFinished(() => void open.close());
  return open;
}

async function received(from: Socket): Promise<readonly string[]> {
  const [message] = (await once(from, 'message')) as [Buffer];
  return message.toString('latin1').split('\r\n');
}

async function network(options: { readonly lostInThousand: number; readonly doubledInThousand?: number }) {
  const [caller, callee] = [await socket(), await socket()];
  const relay = await startLossyUdp({ to: callee.address().port, seed: 1, ...options });
  onTestFinished(() => relay.stop());
  return { caller, callee, relay };
}

test('each side takes the network for the other side, and nothing but the routing headers is changed', async () => {
  const { caller, callee, relay } = await network({ lostInThousand: 0 });
  const [callerAt, calleeAt, nearAt] = [caller, callee, { address: () => relay }].map(
    (side) => `127.0.0.1:${side.address().port}`,
  );
  const atCallee = received(callee);
  const lines = [
    `INVITE sip:bob@${nearAt} SIP/2.0`,
    `Via: SIP/2.0/UDP ${callerAt};branch=z9hG4bK1;rport`,
    `Contact: <sip:caller@${callerAt}>`,
    `Route: <sip:${nearAt};lr>, <sip:127.0.0.1:9;lr>`,
    `Authorization: Digest uri="sip:bob@${nearAt}"`,
    '',
    `o=caller 1 1 IN IP4 ${callerAt}`,
  ];
  caller.send(lines.join('\r\n'), relay.port, '127.0.0.1');
  const arrived = await atCallee;
  const farAt = /127\.0\.0\.1:\d+/.exec(arrived[1] ?? '')?.[0];
  expect([callerAt, calleeAt, nearAt]).not.toContain(farAt);
  expect(arrived).toEqual([
    lines[0],
    `Via: SIP/2.0/UDP ${farAt};branch=z9hG4bK1;rport`,
    `Contact: <sip:caller@${farAt}>`,
    `Route: <sip:${calleeAt};lr>, <sip:127.0.0.1:9;lr>`,
    ...lines.slice(4),
  ]);

  const atCaller = received(caller);
  const answer = ['SIP/2.0 200 OK', arrived[1], `Contact: <sip:bob@${calleeAt}>`, '', 'v=0'];
  callee.send(answer.join('\r\n'), Number(farAt?.split(':')[1]), '127.0.0.1');
  expect(await atCaller).toEqual([answer[0], lines[1], `Contact: <sip:bob@${nearAt}>`, '', 'v=0']);
});

test('messages are lost and doubled as often as was asked for', async () => {
  const { caller, callee, relay } = await network({ lostInThousand: 100, doubledInThousand: 200 });
  const sent = 1_000;
  let arrived = 0;
  const all = new Promise<void>((resolve) => {
    callee.on('message', () => {
      arrived++;
      if (relay.passed + relay.lost === sent && arrived === relay.passed + relay.doubled) resolve();
    });
  });
  // By and by: the kernel itself loses what does not fit into its buffer.
  for (let index = 0; index < sent; index++) {
    caller.send('x', relay.port, '127.0.0.1');
    if (index % 20 === 0) await new Promise(setImmediate);
  }
  await all;
  expect(relay.lost).toBeGreaterThan(60);
  expect(relay.lost).toBeLessThan(140);
  expect(relay.doubled).toBeGreaterThan(120);
  expect(relay.doubled).toBeLessThan(240);
});
