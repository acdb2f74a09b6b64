import { canonicalName } from './sip-headers.ts';
import type { SipMessage } from './sip-message.ts';
import { TOKEN } from './token.ts';

/** What would end a line, or end the message for those who read strings of C. */
const LINE_BREAK = /[\r\n\0]/;

/**
 * The message as it goes on the wire. Content-Length is set from the body.
 * @throws RangeError when a method, URI, reason, header name or value holds what could start another line: CR, LF or NUL.
 */
export function writeSip(message: SipMessage): Buffer {
  assertWritable(message);
  let head =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0\r\n`
      : `SIP/2.0 ${message.status} ${message.reason}\r\n`;
  for (const [name, value] of message.headers.entries()) {
    if (canonicalName(name) !== 'content-length') head += `${name}: ${value}\r\n`;
  }
  const start = Buffer.from(`${head}Content-Length: ${message.body.length}\r\n\r\n`);
  return message.body.length === 0 ? start : Buffer.concat([start, message.body]);
}

/** @throws RangeError as `writeSip` would. */
export function assertWritable(message: SipMessage): void {
  if (message.kind === 'request') {
    if (!TOKEN.test(message.method)) throw new RangeError('a method is a token');
    if (!/^[^\s\0<>"]+$/.test(message.uri)) throw new RangeError('not a URI that can stand in a request line');
  } else {
    if (message.status < 100 || message.status > 699) throw new RangeError('a status is 100 to 699');
    if (LINE_BREAK.test(message.reason)) throw new RangeError('a reason is one line');
  }
  for (const [name, value] of message.headers.entries()) {
    if (!TOKEN.test(name)) throw new RangeError('a header name is a token');
    if (LINE_BREAK.test(value)) throw new RangeError(`${name} is one line`);
  }
}
