/** Octets of one chunk: several hundred submit_sm. */
const CHUNK = 64 * 1024;
/** Chunks that are kept for use again; more than these are in flight only when the peer reads slowly. */
const SPARES = 3;

export interface Written {
  readonly octets: Buffer;
  /** Gives the memory back. To be called once nobody reads `octets` any more. */
  readonly release: () => void;
}

/**
 * Writes PDUs one behind the other into one pooled buffer, so that all PDUs of a turn of the event loop leave in one write.
 * Each PDU: `begin`, its fields, `end`.
 */
export class PduWriter {
  #chunk: Buffer = Buffer.allocUnsafeSlow(CHUNK);
  #at = 0;
  #start = 0;
  readonly #spares: Buffer[] = [];
  readonly #full: () => void;

  /** @param full called when the next PDU has no room: it must `take()` what there is. */
  constructor(full: () => void) {
    this.#full = full;
  }

  get length(): number {
    return this.#at;
  }

  /** Opens a PDU. @param room at least its length in octets, header included. */
  begin(command: number, status: number, sequence: number, room: number): void {
    if (this.#at + room > this.#chunk.length) {
      if (this.#at > 0) this.#full();
      if (room > this.#chunk.length) this.#chunk = Buffer.allocUnsafeSlow(room);
    }
    this.#start = this.#at;
    this.#at += 4;
    this.u32(command);
    this.u32(status);
    this.u32(sequence);
  }

  /** Closes the PDU: its length is now known. */
  end(): void {
    const end = this.#at;
    this.#at = this.#start;
    this.u32(end - this.#start);
    this.#at = end;
  }

  u8(value: number): void {
    this.#chunk[this.#at++] = value;
  }

  u16(value: number): void {
    const chunk = this.#chunk;
    chunk[this.#at++] = value >>> 8;
    chunk[this.#at++] = value;
  }

  u32(value: number): void {
    const chunk = this.#chunk;
    chunk[this.#at++] = value >>> 24;
    chunk[this.#at++] = value >>> 16;
    chunk[this.#at++] = value >>> 8;
    chunk[this.#at++] = value;
  }

  /**
   * A C-octet string (SMPP 3.4 §3.1): at most `size` octets with its NUL, cut there. What is not printable ASCII becomes `?`:
   * a NUL inside would end the field and start the next one.
   */
  cstring(text: string, size: number): void {
    const chunk = this.#chunk;
    let at = this.#at;
    const length = Math.min(text.length, size - 1);
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      chunk[at++] = unit >= 0x20 && unit < 0x7f ? unit : 0x3f;
    }
    chunk[at++] = 0;
    this.#at = at;
  }

  octets(value: Uint8Array): void {
    this.#chunk.set(value, this.#at);
    this.#at += value.length;
  }

  /** All PDUs since the last `take`. */
  take(): Written {
    const chunk = this.#chunk;
    const octets = chunk.subarray(0, this.#at);
    this.#chunk = this.#spares.pop() ?? Buffer.allocUnsafeSlow(CHUNK);
    this.#at = 0;
    const release = () => {
      if (chunk.length === CHUNK && this.#spares.length < SPARES) this.#spares.push(chunk);
    };
    return { octets, release };
  }
}
