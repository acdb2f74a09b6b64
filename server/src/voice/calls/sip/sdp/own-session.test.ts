import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownSession } from './own-session.ts';
import { readSdp } from './session-description.ts';

const at = { host: '192.0.2.7', port: 4_000 };
const ours = () => ownSession(at, ['pcma', 'pcmu'], 77);
const sdp = (...lines: string[]) => Buffer.from(`${lines.join('\r\n')}\r\n`);
const head = ['v=0', 'o=- 1 1 IN IP4 198.51.100.9', 's=-', 'c=IN IP4 198.51.100.9', 't=0 0'];

test('the offer: codecs in order, keys, both ways', () => {
  expect(ours().offer().toString().split('\r\n')).toEqual([
    'v=0',
    'o=- 77 1 IN IP4 192.0.2.7',
    's=-',
    'c=IN IP4 192.0.2.7',
    't=0 0',
    'm=audio 4000 RTP/AVP 8 0 101',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=ptime:20',
    'a=sendrecv',
    '',
  ]);
});

test('IPv6 is said as such', () => {
  const text = ownSession({ host: '2001:db8::7', port: 4_000 }, ['pcmu'], 77).offer().toString();
  expect(text).toContain('c=IN IP6 2001:db8::7\r\n');
  expect(text).toContain('m=audio 4000 RTP/AVP 0 101\r\n');
});

test('the version counts changes, not writings', () => {
  const session = ours();
  const version = (body: Uint8Array | undefined) => /o=- 77 (\d+)/.exec(String(body))?.[1];
  const held = sdp(...head, 'm=audio 6000 RTP/AVP 8', 'a=sendonly');
  expect(version(session.offer())).toBe('1');
  expect(version(session.offer())).toBe('1');
  expect(version(session.answer(held)?.body)).toBe('2');
  expect(version(session.answer(held)?.body)).toBe('2');
});

test.each([
  ['the far end chooses the codec', ['m=audio 6000 RTP/AVP 0 8'], { codec: 'pcmu', payloadType: 0 }],
  [
    'keys by the number that the answer gives them',
    ['m=audio 6000 RTP/AVP 8 96', 'a=rtpmap:96 telephone-event/8000'],
    { eventPayloadType: 96 },
  ],
  ['no keys', ['m=audio 6000 RTP/AVP 8'], { eventPayloadType: null }],
  [
    'G.711 under a number of its own',
    ['m=audio 6000 RTP/AVP 98', 'a=rtpmap:98 pcma/8000/1'],
    { codec: 'pcma', payloadType: 98 },
  ],
  [
    'an address for the stream',
    ['m=audio 6000 RTP/AVP 8', 'c=IN IP4 203.0.113.1'],
    { address: '203.0.113.1', port: 6_000 },
  ],
  ['held', ['m=audio 6000 RTP/AVP 8', 'a=sendonly'], { send: false }],
  ['held both ways', ['m=audio 6000 RTP/AVP 8', 'a=inactive'], { send: false }],
  ['held the old way', ['m=audio 6000 RTP/AVP 8', 'c=IN IP4 0.0.0.0'], { send: false }],
  ['listening', ['m=audio 6000 RTP/AVP 8', 'a=recvonly'], { send: true }],
])('an answer: %s', (_, lines, wanted) => {
  expect(ours().readAnswer(sdp(...head, ...lines))).toMatchObject(wanted);
});

test('the direction of the whole session is that of a stream that says none', () => {
  expect(ours().readAnswer(sdp(...head, 'a=sendonly', 'm=audio 6000 RTP/AVP 8'))?.send).toBe(false);
  expect(ours().readAnswer(sdp(...head, 'a=sendonly', 'm=audio 6000 RTP/AVP 8', 'a=sendrecv'))?.send).toBe(true);
});

test.each([
  ['no codec of ours', [...head, 'm=audio 6000 RTP/AVP 18']],
  ['a number of ours for another codec', [...head, 'm=audio 6000 RTP/AVP 8', 'a=rtpmap:8 G729/8000']],
  ['refused', [...head, 'm=audio 0 RTP/AVP 8']],
  ['encrypted', [...head, 'm=audio 6000 RTP/SAVP 8']],
  ['not sound', [...head, 'm=video 6000 RTP/AVP 8']],
  ['the other family', [...head, 'm=audio 6000 RTP/AVP 8', 'c=IN IP6 2001:db8::1']],
  ['no address', ['v=0', 'm=audio 6000 RTP/AVP 8']],
  ['a name for an address', ['v=0', 'c=IN IP4 x.example', 'm=audio 6000 RTP/AVP 8']],
  ['a port that is none', [...head, 'm=audio 66000 RTP/AVP 8']],
  ['no stream', head],
  ['not SDP', ['<xml/>']],
  ['nothing', ['']],
])('no call can be had: %s', (_, lines) => {
  expect(ours().readAnswer(sdp(...lines))).toBeNull();
  expect(ours().answer(sdp(...lines))).toBeNull();
});

test.each([
  ['sendrecv', 'sendrecv'],
  ['sendonly', 'recvonly'],
  ['recvonly', 'sendonly'],
  ['inactive', 'inactive'],
])('an offer that is %s is answered %s', (offered, answered) => {
  const body = ours()
    .answer(sdp(...head, 'm=audio 6000 RTP/AVP 8', `a=${offered}`))
    ?.body.toString();
  expect(body).toContain(`\r\na=${answered}\r\n`);
});

test('an offer of more than sound: each line is answered, the rest refused', () => {
  const offer = sdp(
    ...head,
    'm=video 6002 RTP/AVP 31 32',
    'm=audio 6000 RTP/AVP 3 8 97',
    'a=rtpmap:97 telephone-event/8000',
  );
  const answer = ours().answer(offer);
  expect(answer?.remote).toEqual({
    address: '198.51.100.9',
    port: 6_000,
    codec: 'pcma',
    payloadType: 8,
    eventPayloadType: 97,
    send: true,
  });
  const lines = answer?.body
    .toString()
    .split('\r\n')
    .filter((line) => line.startsWith('m='));
  expect(lines).toEqual(['m=video 0 RTP/AVP 31 32', 'm=audio 4000 RTP/AVP 8 97']);
});

test('whatever comes, nothing throws, and what is answered is SDP', () => {
  const line = fc.oneof(
    fc.constantFrom(
      ...head,
      'm=audio 6000 RTP/AVP 8',
      'a=inactive',
      'a=rtpmap:8 PCMA/8000',
      'm=audio 6000 RTP/AVP 8 \u0000',
    ),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), fc.constantFrom('\r\n', '\n', '\r', ''), (lines, end) => {
      const answer = ours().answer(Buffer.from(['v=0', ...lines].join(end)));
      if (answer !== null) expect(readSdp(answer.body)).not.toBeNull();
    }),
  );
});
