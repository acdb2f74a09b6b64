import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Command, HEADER, pdu } from './pdu.ts';
import { serveSession } from './session.ts';
import { newTally, type Tally } from './tally.ts';

const RESPONSE = 0x80000000;
const BIND = pdu(Command.bindTransceiver, 0, 1, 'bench\0secret\0\0\x34\0\0\0');

function submit(sequence: number, to: string): Buffer {
  return pdu(Command.submitSm, 0, sequence, `\0\x05\0ACME\0\x01\x01${to}\0\0\0\0\0\0\x01\0\0\0\x02hi`);
}

interface Received {
  readonly command: number;
  readonly status: number;
  readonly sequence: number;
  readonly body: string;
}

/** Reads whole PDUs until there are `count`. */
async function receive(socket: Socket, count: number): Promise<readonly Received[]> {
  const all: Received[] = [];
  let data = Buffer.alloc(0);
  for await (const [chunk] of onData(socket)) {
    data = Buffer.concat([data, chunk]);
    while (data.length >= HEADER && data.length >= data.readUInt32BE(0)) {
      const length = data.readUInt32BE(0);
      const [command, status, sequence] = [data.readUInt32BE(4), data.readUInt32BE(8), data.readUInt32BE(12)];
      all.push({ command, status, sequence, body: data.toString('latin1', HEADER, length) });
      data = data.subarray(length);
    }
    if (all.length >= count) break;
  }
  return all;
}

async function* onData(socket: Socket): AsyncGenerator<[Buffer]> {
  for (;;) yield (await once(socket, 'data')) as [Buffer];
}

describe('a session of the stand-in', () => {
  let tally: Tally;
  let client: Socket;
  let held: ((now: number) => void)[];
  const undo: (() => unknown)[] = [];

  beforeEach(async () => {
    tally = newTally(true);
    held = [];
    const server = createServer((socket) => {
      undo.push(() => socket.destroy());
      serveSession(socket, { receipts: true, receiptWindow: 2 }, tally, (_, release) => held.push(release));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    undo.push(
      () => server.close(),
      () => client.destroy(),
    );
  });
  afterEach(async () => {
    for (const step of undo.splice(0)) await step();
  });

  it('answers binds at once and submits when their time has come, with receipts up to the window', async () => {
    client.write(BIND);
    expect(await receive(client, 1)).toMatchObject([
      { command: Command.bindTransceiver + RESPONSE, status: 0, sequence: 1 },
    ]);

    // A PDU cut in two, as TCP may: the first read ends in the middle of the second message.
    const bytes = Buffer.concat([submit(2, '9779840000001'), submit(3, '9779840000002'), submit(4, '9779840000003')]);
    client.write(bytes.subarray(0, 70));
    client.write(bytes.subarray(70));
    client.write(pdu(Command.enquireLink, 0, 5, ''));
    expect(await receive(client, 1)).toMatchObject([{ command: Command.enquireLink + RESPONSE, sequence: 5 }]);
    expect(tally).toMatchObject({ binds: 1, submits: 3, answers: 0 });
    expect([...(tally.arrivals ?? new Map()).keys()]).toEqual(['9779840000001', '9779840000002', '9779840000003']);

    for (const release of held.splice(0)) release(0);
    const received = await receive(client, 5);
    const answers = received.filter(({ command }) => command === Command.submitSm + RESPONSE);
    expect(answers.map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
    const receipts = received.filter(({ command }) => command === Command.deliverSm);
    expect(receipts).toHaveLength(2);
    const id = answers[0]?.body.slice(0, -1) ?? '';
    expect(receipts[0]?.body).toContain(`id:${id} `);
    expect(receipts[0]?.body).toContain('stat:DELIVRD');
    expect(receipts[0]?.body).toContain(`\x00\x1e\x00\x0b${id}\0\x04\x27\x00\x01\x02`);

    client.write(pdu(Command.deliverSmResp, 0, receipts[0]?.sequence ?? 0, '\0'));
    expect(await receive(client, 1)).toMatchObject([{ command: Command.deliverSm }]);
    expect(tally).toMatchObject({ answers: 3, receipts: 3, receiptAnswers: 1 });
  });

  it('hangs up on a length that no PDU can have', async () => {
    client.write(Buffer.from([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    await once(client, 'close');
    expect(tally.submits).toBe(0);
  });
});
