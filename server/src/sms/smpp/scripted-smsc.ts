import { type Duplex, duplexPair } from 'node:stream';
import type { Dial } from '../../net/dial.ts';
import { COMMAND, RESPONSE } from './pdu/command.ts';
import { Framer } from './pdu/framer.ts';

/** For tests: an SMSC that does what it is told, PDU by PDU, over connections in memory. */
export class ScriptedSmsc {
  readonly #accepted: SmscSide[] = [];
  readonly #awaited: ((side: SmscSide) => void)[] = [];
  /** Connections that were tried. */
  dials = 0;
  /** Set: nobody can connect, and this is why. */
  unreachable: string | null = null;

  readonly dial: Dial = async () => {
    this.dials += 1;
    if (this.unreachable !== null) throw Object.assign(new Error(this.unreachable), { code: this.unreachable });
    const [near, far] = duplexPair();
    const side = new SmscSide(near, far);
    const waiting = this.#awaited.shift();
    if (waiting) waiting(side);
    else this.#accepted.push(side);
    return near;
  };

  /** The next connection. */
  accept(): Promise<SmscSide> {
    const side = this.#accepted.shift();
    return side ? Promise.resolve(side) : new Promise((resolve) => this.#awaited.push(resolve));
  }

  /** The next connection, once it is bound. */
  async bound(): Promise<SmscSide> {
    const side = await this.accept();
    side.answer(await side.next(), 0, cstring('smsc'));
    return side;
  }
}

export interface Pdu {
  readonly command: number;
  readonly status: number;
  readonly sequence: number;
  readonly body: Buffer;
}

/** The SMSC's end of one connection. */
export class SmscSide {
  readonly near: Duplex;
  readonly #far: Duplex;
  readonly #came: Pdu[] = [];
  readonly #awaited: ((pdu: Pdu) => void)[] = [];
  /** Resolves when the client has closed the connection. */
  readonly closed: Promise<void>;

  constructor(near: Duplex, far: Duplex) {
    this.near = near;
    this.#far = far;
    const framer = new Framer((octets, from, to) => {
      this.#take({
        command: octets.readUInt32BE(from + 4),
        status: octets.readUInt32BE(from + 8),
        sequence: octets.readUInt32BE(from + 12),
        body: Buffer.from(octets.subarray(from + 16, to)),
      });
      return true;
    });
    this.closed = new Promise((resolve) => {
      far.on('end', resolve);
      far.on('close', resolve);
    });
    far.on('data', (chunk: Buffer) => framer.push(chunk));
  }

  /** PDUs that came and were not taken yet. */
  get waiting(): number {
    return this.#came.length;
  }

  next(): Promise<Pdu> {
    const pdu = this.#came.shift();
    return pdu ? Promise.resolve(pdu) : new Promise((resolve) => this.#awaited.push(resolve));
  }

  async take(count: number): Promise<Pdu[]> {
    const pdus: Pdu[] = [];
    while (pdus.length < count) pdus.push(await this.next());
    return pdus;
  }

  send(...pdus: readonly Buffer[]): void {
    this.#far.write(Buffer.concat(pdus));
  }

  answer(to: Pdu, status = 0, body: Buffer = Buffer.alloc(0)): void {
    this.send(pdu(to.command + RESPONSE, status, to.sequence, body));
  }

  /** Takes a submit_sm. */
  accept(submit: Pdu, messageId: string): void {
    this.answer(submit, 0, cstring(messageId));
  }

  stopReading(): void {
    this.#far.pause();
  }

  readAgain(): void {
    this.#far.resume();
  }

  hangUp(): void {
    this.#far.end();
  }

  /** As the client's system would tell of an RST. */
  reset(): void {
    this.near.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  }

  #take(pdu: Pdu): void {
    const waiting = this.#awaited.shift();
    if (waiting) waiting(pdu);
    else this.#came.push(pdu);
  }
}

export function pdu(command: number, status: number, sequence: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(16 + body.length, 0);
  header.writeUInt32BE(command, 4);
  header.writeUInt32BE(status, 8);
  header.writeUInt32BE(sequence, 12);
  return Buffer.concat([header, body]);
}

export function cstring(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'latin1');
}

export function tlv(tag: number, value: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(tag, 0);
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value]);
}

export interface DeliverSmExample {
  readonly esmClass?: number;
  readonly dataCoding?: number;
  readonly message?: Buffer | string;
  readonly tlvs?: readonly Buffer[];
}

/** The body of a deliver_sm; a receipt, unless told otherwise. */
export function deliverSmBody({ esmClass = 4, dataCoding = 0, message = '', tlvs = [] }: DeliverSmExample): Buffer {
  const octets = typeof message === 'string' ? Buffer.from(message, 'latin1') : message;
  return Buffer.concat([
    cstring(''),
    Buffer.of(1, 1),
    cstring('9779851023212'),
    Buffer.of(5, 0),
    cstring('ACME'),
    Buffer.of(esmClass, 0, 0, 0, 0, 0, 0, dataCoding, 0, octets.length),
    octets,
    ...tlvs,
  ]);
}

export function deliverSm(sequence: number, example: DeliverSmExample): Buffer {
  return pdu(COMMAND.deliver_sm, 0, sequence, deliverSmBody(example));
}
