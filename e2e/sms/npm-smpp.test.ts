import { createRequire } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { liveCarrier } from './live-carrier.ts';

/** npm `smpp` 0.5.1 has no types; this is what is used of it. */
interface Pdu {
  readonly command: string;
  readonly sequence_number: number;
  readonly source_addr: string;
  readonly destination_addr: string;
  readonly data_coding: number;
  readonly short_message: { readonly message: string | Buffer; readonly udh?: readonly Buffer[] };
  readonly message_payload?: { readonly message: string };
  response(fields?: Record<string, unknown>): Pdu;
}
interface Session {
  readonly socket: Socket;
  on(event: string, listener: (pdu: Pdu) => void): void;
  send(pdu: Pdu): void;
  deliver_sm(fields: Record<string, unknown>, answered?: (pdu: { command_status: number }) => void): void;
}
interface Server {
  listen(port: number, host: string, done: () => void): void;
  address(): AddressInfo;
  close(): void;
}
const smpp = createRequire(import.meta.url)('smpp') as {
  createServer(options: object, onSession: (session: Session) => void): Server;
};

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** An SMSC that binds everybody; `onSubmit` answers. Sessions in `mute` get no answers to anything else. */
async function start(
  onSubmit: (session: Session, pdu: Pdu) => void,
  settings: object = {},
  mute: ReadonlySet<Session> = new Set(),
) {
  const sessions: Session[] = [];
  const server = smpp.createServer({}, (session) => {
    sessions.push(session);
    session.on('error', () => {});
    for (const bind of ['bind_transceiver', 'bind_transmitter', 'bind_receiver'])
      session.on(bind, (pdu) => session.send(pdu.response({ system_id: 'npm' })));
    session.on('submit_sm', (pdu) => onSubmit(session, pdu));
    for (const plain of ['enquire_link', 'unbind'])
      session.on(plain, (pdu) => {
        if (!mute.has(session)) session.send(pdu.response());
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    for (const { socket } of sessions) socket.destroy();
    server.close();
  });
  const live = await liveCarrier(server.address().port, settings);
  cleanUps.push(() => live.carrier.close(1_000));
  return { ...live, sessions };
}

it('reads our GSM-7 and UCS-2', async () => {
  const texts: (string | Buffer)[] = [];
  const { send } = await start((session, pdu) => {
    texts.push(pdu.short_message.message);
    session.send(pdu.response({ message_id: `0x${texts.length}` }));
  });
  expect(await send('Your code is 123456: @_$é€')).toEqual([{ outcome: 'accepted', messageId: 'X1' }]);
  await send('कोड १२३४५६');
  expect(texts).toEqual(['Your code is 123456: @_$é€', 'कोड १२३४५६']);
});

it('puts our parts together by their headers', async () => {
  const parts: { udh: string; text: string }[] = [];
  const { send } = await start((session, pdu) => {
    const { udh = [], message } = pdu.short_message;
    parts.push({ udh: Buffer.concat([...udh]).toString('hex'), text: String(message) });
    session.send(pdu.response({ message_id: String(parts.length) }));
  });
  const text = `Your code is 123456. ${'Never share it. '.repeat(20)}`;
  expect(await send(text)).toHaveLength(3);
  expect(parts.map((part) => part.text).join('')).toBe(text);
  expect(parts.map((part) => part.udh.slice(-4))).toEqual(['0301', '0302', '0303']);
});

it('sends receipts that we read, and hears from us when they were taken', async () => {
  const answers: number[] = [];
  const { send, receipts, until } = await start((session, pdu) => {
    session.send(pdu.response({ message_id: '0aFF' }));
    const message = 'id:0AFF sub:001 dlvrd:000 submit date:2601311000 done date:2601311004 stat:EXPIRED err:042 text:x';
    session.deliver_sm({ esm_class: 4, short_message: message }, (answer) => answers.push(answer.command_status));
    session.deliver_sm({ esm_class: 4, receipted_message_id: 'bb', message_state: 2 }, (answer) =>
      answers.push(answer.command_status),
    );
  });
  expect(await send('Hi')).toEqual([{ outcome: 'accepted', messageId: 'AFF' }]);
  await until(() => receipts.length === 2);
  expect(receipts).toMatchObject([
    { messageId: 'AFF', state: 'expired', code: '042' },
    { messageId: 'BB', state: 'delivered', code: null },
  ]);
  await expect.poll(() => answers).toEqual([0, 0]);
});

it('refuses, and we know where to go next', async () => {
  const statuses = [0x58, 0x45, 0x0b, 0x401];
  const { send } = await start((session, pdu) => session.send(pdu.response({ command_status: statuses.shift() })));
  expect(await send('1')).toEqual([{ outcome: 'refused', code: 0x58, retry: 'later' }]);
  expect(await send('2')).toEqual([{ outcome: 'refused', code: 0x45, retry: 'elsewhere' }]);
  expect(await send('3')).toEqual([{ outcome: 'refused', code: 0x0b, retry: 'elsewhere' }]);
  expect(await send('4')).toEqual([{ outcome: 'refused', code: 0x401, retry: 'elsewhere' }]);
});

it('resets the connection mid-session, and we come back', async () => {
  let taken = 0;
  const { carrier, send, until, events } = await start((session, pdu) => {
    taken += 1;
    if (taken === 1) session.socket.resetAndDestroy();
    else session.send(pdu.response({ message_id: '7' }));
  });
  expect(await send('1')).toEqual([{ outcome: 'unknown' }]);
  await until(() => events.filter(({ kind }) => kind === 'bound').length === 2);
  expect(carrier.status().state).toBe('up');
  expect(await send('2')).toEqual([{ outcome: 'accepted', messageId: '7' }]);
});

it('goes silent: messages are in doubt, and the session is given up', async () => {
  const mute = new Set<Session>();
  const { carrier, send, until, events, sessions } = await start(
    (session) => mute.add(session),
    { response_timeout: 1, enquire_interval: 1 },
    mute,
  );
  expect(await send('1')).toEqual([{ outcome: 'unknown' }]);
  await until(() => events.some((event) => event.kind === 'disconnected' && event.end === 'silent'));
  await until(() => carrier.status().state === 'up');
  expect(sessions).toHaveLength(2);
});

it('sends octets that are no SMPP, and only that session ends', async () => {
  const { carrier, send, until, events, sessions } = await start(
    (session, pdu) => session.send(pdu.response({ message_id: '7' })),
    { binds: 2 },
  );
  sessions[0]?.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
  await until(() => events.some((event) => event.kind === 'disconnected' && event.end === 'garbled'));
  expect(events.filter(({ kind }) => kind === 'disconnected')).toHaveLength(1);
  expect(carrier.status().state).toBe('degraded');
  expect(await send('1')).toMatchObject([{ outcome: 'accepted' }]);
  await until(() => carrier.status().state === 'up');
});
