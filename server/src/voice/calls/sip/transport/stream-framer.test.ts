import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../../values/seeded-random.ts';
import { tortured } from '../message/rfc4475/torture.ts';
import { streamFramer } from './stream-framer.ts';

function framed() {
  const messages: string[] = [];
  const told = { pings: 0, lost: [] as string[] };
  const framer = streamFramer({
    message: (octets) => messages.push(octets.toString()),
    ping: () => {
      told.pings += 1;
    },
    lost: (octets) => told.lost.push(octets.toString()),
  });
  return { messages, told, push: (text: string) => framer.push(Buffer.from(text)), framer };
}

const message = (body: string, length = `Content-Length: ${Buffer.byteLength(body)}`) =>
  `OPTIONS sip:a SIP/2.0\r\nX: y\r\n${length}\r\n\r\n${body}`;

test('messages come out whole, however the stream is cut', () => {
  const bodies = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(bodies, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (texts, cuts) => {
      const { messages, told, framer } = framed();
      const whole = texts.map((body) => message(body));
      const octets = Buffer.from(whole.join('\r\n'));
      for (let at = 0, nth = 0; at < octets.length; nth++) {
        const size = cuts[nth % cuts.length] ?? 1;
        // What was given is the giver's: it may be overwritten as soon as `push` is back.
        const chunk = Buffer.from(octets.subarray(at, at + size));
        framer.push(chunk);
        chunk.fill(0x21);
        at += size;
      }
      expect(messages).toEqual(whole);
      expect(told).toEqual({ pings: 0, lost: [] });
    }),
  );
});

test('Content-Length in its short form, folded, and with spaces', () => {
  const { messages, push } = framed();
  for (const length of ['l:2', 'CONTENT-LENGTH  : 2 ', 'Content-Length:\r\n 2', 'L: 002']) push(message('ab', length));
  expect(messages).toHaveLength(4);
});

test('a double CRLF is a ping, a single one is not, also when cut', () => {
  const { told, push, messages } = framed();
  push('\r\n');
  expect(told.pings).toBe(0);
  push(message(''));
  push('\r\n\r\n');
  expect(told.pings).toBe(1);
  for (const part of ['\r', '\n\r', '\n']) push(part);
  expect(told.pings).toBe(2);
  push('\r\n'.repeat(10_000));
  expect(told.pings).toBe(3);
  push(message(''));
  expect(messages).toHaveLength(2);
});

test.each([
  ['no length', message('', 'Y: z')],
  ['two lengths', message('ab', 'Content-Length: 2\r\nl: 2')],
  ['a negative length', message('ab', 'Content-Length: -2')],
  ['a length past 64 KB', message('ab', 'Content-Length: 65536')],
  ['a length hidden in a folded line', message('ab', 'X: z\r\n Content-Length: 2')],
  ['a head without end', `OPTIONS sip:a SIP/2.0\r\n${'X: y\r\n'.repeat(10_000)}`],
])('%s: the stream is lost, and nothing more comes of it', (_, text) => {
  const { messages, told, push } = framed();
  push(message('first'));
  push(text);
  push(message('last'));
  expect(messages).toHaveLength(1);
  expect(told.lost).toHaveLength(1);
});

test('64 KB octet by octet is not slow', () => {
  const { messages, framer } = framed();
  const octets = Buffer.from(message('x'.repeat(60_000)));
  for (let at = 0; at < octets.length; at++) framer.push(octets.subarray(at, at + 1));
  expect(messages).toHaveLength(1);
}, 2_000);

test('bent messages: never a throw', () => {
  const bent = tortured(seededRandom(18));
  for (let nth = 0; nth < 2_000; nth++) framed().framer.push(bent.next().value);
});
