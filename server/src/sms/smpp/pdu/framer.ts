/** Octets of a PDU's header: length, command id, status, sequence number (SMPP 3.4 §3.2). */
export const HEADER = 16;
/** The longest PDU that is read. The longest legal one, a deliver_sm with a full message_payload, is a little shorter. */
export const LONGEST_PDU = 64 * 1024;

/** The PDU is in `octets[from, to)`, valid until the call returns. False ends the reading of this stream. */
type OnPdu = (octets: Buffer, from: number, to: number) => boolean;

/** Cuts a stream of octets into PDUs, without copying those that arrive whole. */
export class Framer {
  readonly #onPdu: OnPdu;
  #partial = Buffer.allocUnsafe(512);
  #held = 0;

  constructor(onPdu: OnPdu) {
    this.#onPdu = onPdu;
  }

  /** @returns false when a length was impossible: where the next PDU begins is then unknown, and the stream of no more use. */
  push(chunk: Buffer): boolean {
    let at = 0;
    if (this.#held > 0) {
      at = this.#complete(chunk);
      if (at < 0) return false;
      if (this.#held > 0) return true;
    }
    while (chunk.length - at >= 4) {
      const length = chunk.readUInt32BE(at);
      if (!possible(length)) return false;
      if (chunk.length - at < length) break;
      if (!this.#onPdu(chunk, at, at + length)) return true;
      at += length;
    }
    this.#hold(chunk, at, chunk.length - at);
    return true;
  }

  /** Adds to the PDU that came in part. @returns how much of `chunk` it took, or −1. */
  #complete(chunk: Buffer): number {
    let at = 0;
    if (this.#held < 4) {
      at = Math.min(4 - this.#held, chunk.length);
      this.#hold(chunk, 0, at);
      if (this.#held < 4) return at;
    }
    const length = this.#partial.readUInt32BE(0);
    if (!possible(length)) return -1;
    const more = Math.min(length - this.#held, chunk.length - at);
    this.#hold(chunk, at, more);
    if (this.#held < length) return at + more;
    this.#held = 0;
    return this.#onPdu(this.#partial, 0, length) ? at + more : chunk.length;
  }

  #hold(chunk: Buffer, from: number, count: number): void {
    if (this.#held + count > this.#partial.length) {
      const larger = Buffer.allocUnsafe(Math.min(LONGEST_PDU, 2 * (this.#held + count)));
      this.#partial.copy(larger, 0, 0, this.#held);
      this.#partial = larger;
    }
    chunk.copy(this.#partial, this.#held, from, from + count);
    this.#held += count;
  }
}

function possible(length: number): boolean {
  return length >= HEADER && length <= LONGEST_PDU;
}
