import { createSocket } from 'node:dgram';
import { expect, test } from 'vitest';
import { silentLog } from '../../../observe/log.ts';
import { ManualClock } from '../../../values/manual-clock.ts';
import { seededRandom } from '../../../values/seeded-random.ts';
import { TORTURE, tortured } from './message/rfc4475/torture.ts';
import { openSipStack, type Respond } from './stack.ts';
import { exampleRequest, heardAnswers } from './stack-example.ts';

const MESSAGES = 5_000;

test('RFC 4475 and thousands of bent messages at a real socket: a call beside them goes its way', async () => {
  const clock = new ManualClock();
  const common = { clock, log: silentLog, listen: { v4: '127.0.0.1', v6: null, port: 0 }, tls: { ca: null } };
  const us = await openSipStack({ ...common, random: seededRandom(1) });
  const them = await openSipStack({ ...common, random: seededRandom(2) });
  us.onRequest((_, respond) => respond({ status: 200 }));
  let answer: Respond = () => {};
  const rang = new Promise<void>((resolve) => {
    them.onRequest((_, respond) => {
      answer = respond;
      respond({ status: 180 });
      resolve();
    });
  });
  const place = (port: number) => ({ transport: 'udp', address: '127.0.0.1', port, serverName: '127.0.0.1' }) as const;
  const [ours, theirs] = [await us.local(place(9)), await them.local(place(9))];
  const call = heardAnswers();
  const ended = new Promise<void>((resolve) => {
    us.request(exampleRequest('INVITE'), place(theirs.port), {
      ...call,
      response(response) {
        call.response(response);
        if (response.status >= 200) resolve();
      },
    });
  });
  await rang;

  const socket = createSocket('udp4');
  socket.on('message', () => {});
  const bent = tortured(seededRandom(5060));
  const messages = [
    ...TORTURE.map(({ octets }) => octets),
    ...Array.from({ length: MESSAGES }, () => bent.next().value),
  ];
  for (const [nth, octets] of messages.entries()) {
    socket.send(octets, ours.port, ours.host);
    // The other end is this same thread: it has to read before the kernel's buffer is full.
    if (nth % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  answer({ status: 486 });
  await ended;
  expect(call.told).toEqual(['180', '486']);
  expect(us.faults.malformed).toBeGreaterThan(MESSAGES / 3);
  socket.close();
  await us.close();
  await them.close();
});
