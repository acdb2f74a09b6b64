import { isIPv6 } from 'node:net';
import { expect, test } from 'vitest';
import { silentLog } from '../../../observe/log.ts';
import { systemClock } from '../../../values/clock.ts';
import { systemRandom } from '../../../values/random.ts';
import { seededRandom } from '../../../values/seeded-random.ts';
import type { CallEnd, CallEvent } from '../call-engine.ts';
import { scriptedPhone } from './scripted-phone.ts';
import { openSipStack, type SipStack } from './stack.ts';
import { stackPair } from './stack-example.ts';
import { timedMedia } from './timed-media.ts';
import { trunkConfig } from './trunk-config-example.ts';
import { trunkEngine } from './trunk-engine.ts';
import { callPlan } from './trunk-example.ts';

const resolver = { srv: async () => [], addresses: async () => [] };

test('of a hundred calls over a network that loses every tenth message, each ends as it should', async () => {
  const chance = seededRandom(11);
  const { us, them, clock } = stackPair({ delayMs: 20, loses: () => chance.below(10) === 0 });
  const phone = scriptedPhone(them, '192.0.2.2');
  const engine = trunkEngine({
    ...{ name: 'acme', stack: us, media: timedMedia(clock), clock, random: seededRandom(3), log: silentLog, resolver },
    config: trunkConfig({ host: '192.0.2.2', max_calls: 100 }),
  });
  const ends: CallEnd[] = [];
  let answered = 0;
  for (let i = 0; i < 100; i++) {
    const call = engine.place(
      callPlan(),
      (event) => {
        // Half of them we hang up, half the callee.
        if (event.kind === 'answered' && i % 2 === 0) clock.after(3_000, () => call.hangUp());
        if (event.kind === 'answered') answered += 1;
        if (event.kind === 'ended') ends.push(event.end);
      },
      new AbortController().signal,
    );
  }
  const picked = new Set<unknown>();
  for (let ms = 0; ms < 120_000 && ends.length < 100; ms += 50) {
    await new Promise((resolve) => setImmediate(resolve));
    for (const call of phone.calls) {
      if (picked.has(call)) continue;
      picked.add(call);
      call.answer();
      clock.after(6_000, () => {
        if (call.connected && !call.left) call.hangUp();
      });
    }
    clock.advance(50);
  }
  expect(answered).toBe(100);
  expect(ends).toHaveLength(100);
  for (const end of ends) expect(end).toMatchObject({ outcome: 'completed' });
  expect(engine.status().free).toBe(100);
});

test.each(['127.0.0.1', '::1'])('a call over sockets at %s', async (host) => {
  const open = (): Promise<SipStack> =>
    openSipStack({
      ...{ clock: systemClock, random: systemRandom(), log: silentLog, tls: { ca: null } },
      listen: isIPv6(host) ? { v4: null, v6: host, port: 0 } : { v4: host, v6: null, port: 0 },
    });
  const [us, them] = [await open(), await open()];
  try {
    const phone = scriptedPhone(them, host);
    const { port } = await them.local({ transport: 'udp', address: host, port: 9, serverName: host });
    const engine = trunkEngine({
      ...{ name: 'acme', stack: us, media: timedMedia(systemClock), clock: systemClock, random: systemRandom() },
      ...{ log: silentLog, resolver, config: trunkConfig({ host, port }) },
    });
    const events: CallEvent[] = [];
    const waiting = new Map<CallEvent['kind'], () => void>();
    const heard = (kind: CallEvent['kind']) =>
      new Promise<void>((resolve) => {
        if (events.some((event) => event.kind === kind)) resolve();
        else waiting.set(kind, resolve);
      });
    engine.place(
      callPlan(),
      (event) => {
        events.push(event);
        waiting.get(event.kind)?.();
      },
      new AbortController().signal,
    );
    const call = await phone.next();
    await heard('ringing');
    call.answer();
    await heard('answered');
    // Its ACK is on its way.
    while (!call.connected) await new Promise((resolve) => setImmediate(resolve));
    call.press('1');
    await heard('key');
    call.hangUp();
    await heard('ended');
    expect(call).toMatchObject({ to: '+9779851023212', from: '+97714567890', left: false });
    expect(events.map(({ kind }) => kind)).toEqual(['ringing', 'answered', 'key', 'ended']);
    expect(events.at(-1)).toMatchObject({ end: { outcome: 'completed' } });
    await engine.close(0);
  } finally {
    await us.close();
    await them.close();
  }
});
