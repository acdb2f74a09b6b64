import { expect, test } from 'vitest';
import { silentLog } from '../../../observe/log.ts';
import { systemClock } from '../../../values/clock.ts';
import { systemRandom } from '../../../values/random.ts';
import { openTrunk, seenAt, tryTrunk } from './open-trunk.ts';
import { scriptedPhone } from './scripted-phone.ts';
import { openSipStack } from './stack.ts';
import { timedMedia } from './timed-media.ts';
import { trunkConfig } from './trunk-config-example.ts';
import { callPlan } from './trunk-example.ts';

const parts = { clock: systemClock, random: systemRandom(), log: silentLog };
const resolver = { srv: async () => [], addresses: async () => [] };
const host = { ...parts, resolver, media: timedMedia(systemClock), listen: { v4: '127.0.0.1', v6: null } };
const loopback = { transport: 'udp', address: '127.0.0.1', port: 9, serverName: '127.0.0.1' } as const;

async function farEnd() {
  const stack = await openSipStack({ ...parts, listen: { ...host.listen, port: 0 }, tls: { ca: null } });
  return { stack, phone: scriptedPhone(stack, '127.0.0.1'), port: (await stack.local(loopback)).port };
}

test('a trunk is opened, tried, called through and closed', async () => {
  const { stack, phone, port } = await farEnd();
  const config = trunkConfig({ port });
  expect(await tryTrunk(config, host)).toMatchObject({ ok: true });
  const engine = await openTrunk('acme', config, host);
  expect(engine.name).toBe('acme');
  const ended = new Promise((resolve) => {
    engine.place(callPlan(), (event) => event.kind === 'ended' && resolve(event.end), new AbortController().signal);
  });
  (await phone.next()).refuse(486);
  expect(await ended).toMatchObject({ outcome: 'rejected', sipStatus: 486 });
  await engine.close(0);
  await stack.close();
});

test('its own port is taken while it is open, and given back', async () => {
  const { stack, port } = await farEnd();
  await stack.close();
  const config = trunkConfig({ local_port: port });
  const engine = await openTrunk('acme', config, host);
  await expect(openTrunk('other', config, host)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await engine.close(0);
  await (await openTrunk('other', config, host)).close(0);
});

test('behind a NAT, the address outside is the one that is named', async () => {
  const { stack, port } = await farEnd();
  expect(await seenAt(stack, '198.51.100.7').local(loopback)).toEqual({ host: '198.51.100.7', port });
  expect(await seenAt(stack, '2001:db8::7').local(loopback)).toEqual({ host: '127.0.0.1', port });
  await stack.close();
});
