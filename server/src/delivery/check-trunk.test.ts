import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { silentLog } from '../observe/log.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { trunkConfig } from '../voice/calls/sip/trunk-config-example.ts';
import { trunkCheck } from './check-trunk.ts';

const resolver = { srv: async () => [], addresses: async (host: string) => [host] };
const here = { resolver, clock: new ManualClock(), random: seededRandom(1), log: silentLog };

test('a trunk is asked from an address of this machine, over a socket that is closed again', async () => {
  const far = createSocket('udp4');
  await once(far.bind(0, '127.0.0.1'), 'listening');
  const asked = Promise.withResolvers<{ readonly line: string; readonly address: string; readonly port: number }>();
  far.on('message', (octets, { address, port }) => {
    const [line = '', ...lines] = octets.toString().split('\r\n');
    asked.resolve({ line, address, port });
    const kept = lines.filter((one) => /^(Via|From|To|Call-ID|CSeq):/i.test(one));
    far.send(['SIP/2.0 200 OK', ...kept, 'Content-Length: 0', '', ''].join('\r\n'), port, address);
  });
  const check = trunkCheck({ ...here, listen: { v4: '127.0.0.1', v6: null } });
  const report = await check(trunkConfig({ port: far.address().port }));
  expect(report).toMatchObject({ ok: true });
  const { line, address, port } = await asked.promise;
  expect(line).toMatch(/^OPTIONS sip:/);
  expect(address).toBe('127.0.0.1');
  const again = createSocket('udp4');
  await once(again.bind(port, address), 'listening');
  again.close();
  far.close();
});

test('an address that this machine does not have is said with its setting', async () => {
  // TEST-NET-1 (RFC 5737): nobody's.
  const check = trunkCheck({ ...here, listen: { v4: '192.0.2.1', v6: null } });
  expect(await check(trunkConfig())).toEqual({
    ok: false,
    steps: [
      {
        ...{ step: 'connect', host: '127.0.0.1', ok: false, found: 'EADDRNOTAVAIL' },
        ...{ expected: 'a UDP socket on 192.0.2.1', cure: 'Set sip_address to addresses that this machine has.' },
      },
    ],
  });
});
