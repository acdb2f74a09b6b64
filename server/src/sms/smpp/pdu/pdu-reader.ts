/** A PDU whose inside is not as SMPP 3.4 has it. `status` is what its sender is answered. */
export class MalformedPdu extends Error {
  readonly status: number;

  constructor(status: number, what: string) {
    super(what);
    this.name = 'MalformedPdu';
    this.status = status;
  }
}

/** Reads the fields of one PDU in order, and never past its end. One reader serves all PDUs of a session. */
export class PduReader {
  #octets: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  /** Points the reader at `octets[from, to)`, which must stay as they are while it is read. */
  reset(octets: Buffer, from: number, to: number): void {
    this.#octets = octets;
    this.#at = from;
    this.#end = to;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  u8(fault: number): number {
    this.#need(1, fault);
    return this.#octets[this.#at++] ?? 0;
  }

  u16(fault: number): number {
    return this.u8(fault) * 0x100 + this.u8(fault);
  }

  /** A view, not a copy: it is gone when the call that handles this PDU returns. */
  octets(count: number, fault: number): Buffer {
    this.#need(count, fault);
    this.#at += count;
    return this.#octets.subarray(this.#at - count, this.#at);
  }

  skip(count: number, fault: number): void {
    this.#need(count, fault);
    this.#at += count;
  }

  /** Text up to its NUL, which must come within `size` octets (SMPP 3.4 §3.1); as Latin-1, so that no octet is lost. */
  cstring(size: number, fault: number): string {
    const start = this.#at;
    this.skipCstring(size, fault);
    return this.#octets.toString('latin1', start, this.#at - 1);
  }

  skipCstring(size: number, fault: number): void {
    const limit = Math.min(this.#end, this.#at + size);
    for (let at = this.#at; at < limit; at++) {
      if (this.#octets[at] !== 0) continue;
      this.#at = at + 1;
      return;
    }
    throw new MalformedPdu(fault, 'a C-octet string has no end');
  }

  #need(count: number, fault: number): void {
    if (count > this.#end - this.#at) throw new MalformedPdu(fault, 'a field reaches past the end of its PDU');
  }
}
