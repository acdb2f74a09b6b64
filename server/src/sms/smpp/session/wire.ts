import type { Duplex } from 'node:stream';
import type { Clock } from '../../../values/clock.ts';
import { Framer, HEADER } from '../pdu/framer.ts';
import { PduWriter } from '../pdu/pdu-writer.ts';

export interface WireListener {
  /** One PDU, in `octets[from, to)` until the call returns. False: the rest of this read is of no more interest. */
  pdu(octets: Buffer, from: number, to: number): boolean;
  /** A read was taken apart. */
  read(): void;
  /** Everything written so far is on its way. */
  flushed(): void;
  /** A PDU of an impossible length: nothing behind it can be read. */
  garbled(): void;
  /** The connection is gone. `detail`: the system's error code; null: the far end closed it. */
  gone(detail: string | null): void;
}

/** What the far end does not read may pile up to here; then it is not read from either. */
const UNREAD_LIMIT = 1024 * 1024;
/** How long the last words of a connection may take. */
const LINGER_MS = 1_000;

/** One connection that carries PDUs: cuts what comes, and sends what was written in a turn of the event loop in one go. */
export class Wire {
  /** Where PDUs are written; `wake` sends them. */
  readonly out = new PduWriter(() => this.flush());
  readonly #socket: Duplex;
  readonly #clock: Clock;
  readonly #listener: WireListener;
  readonly #framer: Framer;
  readonly #flushTurn = () => this.flush();
  #awake = false;

  constructor(socket: Duplex, clock: Clock, listener: WireListener) {
    this.#socket = socket;
    this.#clock = clock;
    this.#listener = listener;
    this.#framer = new Framer((octets, from, to) => listener.pdu(octets, from, to));
    socket.on('data', (chunk: Buffer) => {
      const framed = this.#framer.push(chunk);
      listener.read();
      if (!framed) listener.garbled();
    });
    socket.on('drain', () => socket.resume());
    socket.on('error', (error: NodeJS.ErrnoException) => listener.gone(error.code ?? 'error'));
    socket.on('end', () => listener.gone(null));
    socket.on('close', () => listener.gone(null));
  }

  /** Writes a PDU without a body. */
  bare(command: number, status: number, sequence: number): void {
    this.out.begin(command, status, sequence, HEADER);
    this.out.end();
    this.wake();
  }

  /** Sends what was written, once this turn of the event loop is over. */
  wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    setImmediate(this.#flushTurn);
  }

  flush(): void {
    this.#awake = false;
    if (this.out.length === 0) return;
    if (this.#socket.destroyed || this.#socket.writableEnded) {
      // Taken all the same: whoever is in the middle of writing needs the room.
      this.discard();
      return;
    }
    const { octets, release } = this.out.take();
    this.#listener.flushed();
    this.#socket.write(octets, release);
    if (this.#socket.writableLength > UNREAD_LIMIT) this.#socket.pause();
  }

  /** Forgets what was written and not sent. */
  discard(): void {
    this.out.take().release();
  }

  /** Lets go of the connection, once the far end's side has taken what was sent, or does not in time. */
  close(): void {
    if (this.#socket.destroyed) return;
    const timer = this.#clock.after(LINGER_MS, () => this.#socket.destroy());
    this.#socket.end(() => {
      timer.cancel();
      this.#socket.destroy();
    });
  }

  /** Lets go of the connection at once. */
  destroy(): void {
    this.#socket.destroy();
  }
}
