import { LONGEST_MESSAGE } from '../message/parse.ts';

export interface FramerListener {
  /** One whole message; its octets are valid until the call returns. */
  message(octets: Buffer): void;
  /** The far end asks whether the way is open: it wants a CRLF back (RFC 5626 §3.5.1). At most once for each `push`. */
  ping(): void;
  /** Where the next message begins is not known: the stream is of no more use. `octets`: what was read of this one. */
  lost(octets: Buffer): void;
}

/** Takes octets as they come off a TCP or TLS connection. */
export interface StreamFramer {
  push(chunk: Buffer): void;
}

/** Header fields, the empty line behind them included, take no more than this of a message. */
const LONGEST_HEAD = 32 * 1024;
const CR = 13;
const LF = 10;
const ANY_LENGTH = /^(?:content-length|l)[ \t]*:/gim;
// Folded lines too: `Content-Length:` CRLF ` 5`.
const LENGTH = /^(?:content-length|l)[ \t]*:[ \t]*(?:\r\n[ \t]+)?(\d{1,6})[ \t]*$/im;

/** Cuts a stream into messages by their Content-Length (RFC 3261 §18.3): a stream has no other way. */
export function streamFramer(listener: FramerListener): StreamFramer {
  /** The beginning of a message that came in part: the first `used` octets. */
  let partial = Buffer.allocUnsafe(2048);
  let used = 0;
  /** Octets of that message that were looked through for the end of its head: nothing is looked at twice. */
  let searched = 0;
  /** Octets of the whole of it, once its head is here. */
  let whole: number | null = null;
  /** CRLFs in a row between two messages: two are a ping, one is the answer to ours. */
  let breaks = 0;
  let ended = false;

  function skipBreaks(data: Buffer, at: number): number {
    let to = at;
    while (data[to] === CR && data[to + 1] === LF) to += 2;
    return to;
  }

  /** Where the message that begins at `at` ends; null: more has to come, or none will. */
  function endOf(data: Buffer, at: number): number | null {
    whole ??= measure(data, at);
    if (whole === null || data.length - at < whole) return null;
    const end = at + whole;
    whole = null;
    searched = 0;
    breaks = 0;
    return end;
  }

  /** Looks for the end of the head, and in it for the length of the whole. */
  function measure(data: Buffer, at: number): number | null {
    const end = data.indexOf('\r\n\r\n', at + searched);
    searched = Math.max(0, data.length - at - 3);
    if ((end < 0 ? data.length : end) - at > LONGEST_HEAD) return lose(data, at);
    if (end < 0) return null;
    // One character to an octet: lines end where they end on the wire.
    const head = data.toString('latin1', at, end);
    const length = LENGTH.exec(head)?.[1];
    if (length === undefined || head.match(ANY_LENGTH)?.length !== 1) return lose(data, at);
    const octets = end + 4 - at + Number(length);
    return octets <= LONGEST_MESSAGE ? octets : lose(data, at);
  }

  function lose(data: Buffer, at: number): null {
    ended = true;
    listener.lost(data.subarray(at));
    return null;
  }

  function append(chunk: Buffer): void {
    if (used + chunk.length > partial.length) {
      const larger = Buffer.allocUnsafe(2 * (used + chunk.length));
      partial.copy(larger, 0, 0, used);
      partial = larger;
    }
    chunk.copy(partial, used);
    used += chunk.length;
  }

  return {
    push(chunk) {
      if (ended) return;
      const together = used > 0;
      if (together) append(chunk);
      const data = together ? partial.subarray(0, used) : chunk;
      const before = breaks;
      let pinged = false;
      let at = 0;
      for (;;) {
        if (whole === null) {
          const to = skipBreaks(data, at);
          breaks += (to - at) / 2;
          at = to;
          pinged ||= breaks >= 2 && breaks > before;
        }
        const end = endOf(data, at);
        if (end === null || ended) break;
        listener.message(data.subarray(at, end));
        at = end;
      }
      if (pinged && !ended) listener.ping();
      breaks %= 2;
      if (together) partial.copyWithin(0, at, used);
      used = together ? used - at : 0;
      if (!together) append(chunk.subarray(at));
    },
  };
}
