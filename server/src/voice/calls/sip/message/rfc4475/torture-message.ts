/** A test message of RFC 4475, octet for octet. */
export interface TortureMessage {
  /** The RFC's own name for it. */
  readonly name: string;
  readonly section: string;
  /**
   * What the parser says of it: well formed, or the status it is refused with. `dropped`: a malformed response, that nobody is told of.
   */
  readonly says: 'request' | 'response' | 'dropped' | 400 | 505;
  readonly octets: Buffer;
}

/** Lines as they are on the wire. */
export function crlf(text: string): Buffer {
  return Buffer.from(text.replaceAll('\n', '\r\n'));
}

/** A head, and a body that is no text. */
export function withBody(head: string, base64: string): Buffer {
  return Buffer.concat([crlf(head), Buffer.from(base64, 'base64')]);
}
