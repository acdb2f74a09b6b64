import { expect, test } from 'vitest';
import type { Log } from '../../../observe/log.ts';
import { ManualClock } from '../../../values/manual-clock.ts';
import { seededRandom } from '../../../values/seeded-random.ts';
import { parseSip } from './message/parse.ts';
import { crlf } from './message/rfc4475/torture-message.ts';
import { sipStackOver } from './stack.ts';
import { exampleRequest, heardAnswers, stackPair } from './stack-example.ts';
import { memoryNetworks } from './transport/memory-network.ts';

/** A stack, and a far end that is a test: what it sends, and what it gets back. */
function stackAlone() {
  const clock = new ManualClock();
  const events: string[] = [];
  const log: Log = {
    info: (event) => void events.push(event),
    warn: (event, fields) => void events.push(`${event} ${JSON.stringify(fields)}`),
    error: (event) => void events.push(event),
  };
  const { here, there, toHere, toThere } = memoryNetworks({ clock, transport: 'udp' });
  const stack = sipStackOver(here, { clock, random: seededRandom(1), log, supported: ['timer'] });
  const got: string[] = [];
  there.listen({ received: (octets) => void got.push(octets.toString()), gone() {} });
  const tell = (text: string): string[] => {
    const before = got.length;
    there.send(toHere, crlf(text), () => {});
    clock.advance(10);
    return got.slice(before).map((answer) => answer.split('\r\n')[0] ?? '');
  };
  return { clock, events, stack, got, tell, toThere };
}

const message = (start: string, over: Readonly<Record<string, string>> = {}): string => {
  const method = start.split(' ')[0];
  const fields = {
    Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKtheirs;rport',
    From: '<sip:them@192.0.2.2>;tag=them',
    To: '<sip:us@192.0.2.1>',
    'Call-ID': 'theirs',
    CSeq: `1 ${method}`,
    ...over,
  };
  return `${start}\n${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')}\n`;
};

const OPTIONS = 'OPTIONS sip:us@192.0.2.1 SIP/2.0';

test('nobody listens: 405 outside a dialog, 481 inside', () => {
  const { tell } = stackAlone();
  expect(tell(message(OPTIONS))).toEqual(['SIP/2.0 405 Method Not Allowed']);
  const bye = message('BYE sip:us@192.0.2.1 SIP/2.0', { To: '<sip:us@192.0.2.1>;tag=us' });
  expect(tell(bye)).toEqual(['SIP/2.0 481 Call/Transaction Does Not Exist']);
});

test('a listener that throws: 500, an event, and the next one is heard', () => {
  const { stack, tell, events } = stackAlone();
  stack.onRequest((request, respond) => {
    if (request.headers.get('call-id') === 'theirs') throw new Error('broken');
    respond({ status: 200 });
  });
  expect(tell(message(OPTIONS))).toEqual(['SIP/2.0 500 Server Internal Error']);
  expect(tell(message(OPTIONS, { Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK2', 'Call-ID': 'other' }))).toEqual([
    'SIP/2.0 200 OK',
  ]);
  expect(events).toEqual(['sip_listener_failed']);
});

test.each([
  ['a scheme that nobody knows', 'OPTIONS nobody:knows SIP/2.0', {}, '416 Unsupported URI Scheme'],
  ['an extension that is not here', OPTIONS, { Require: 'timer, 100rel' }, '420 Bad Extension'],
  ['a version of the future', 'OPTIONS sip:us@192.0.2.1 SIP/3.0', {}, '505 SIP version not supported'],
  ['a broken From', OPTIONS, { From: '"x' }, '400 missing or malformed From'],
  ['a CANCEL of nothing', 'CANCEL sip:us@192.0.2.1 SIP/2.0', {}, '481 Call/Transaction Does Not Exist'],
])('%s', (_, start, over, answer) => {
  const { stack, tell, got } = stackAlone();
  stack.onRequest((_request, respond) => respond({ status: 200 }));
  expect(tell(message(start, over))).toEqual([`SIP/2.0 ${answer}`]);
  if (answer.startsWith('420')) expect(got[0]).toContain('Unsupported: 100rel\r\n');
});

test('malformed ACKs and responses, and octets that say nothing, have no answer', () => {
  const { stack, tell } = stackAlone();
  expect(tell(message('ACK sip:us@192.0.2.1 SIP/2.0', { From: '"x' }))).toEqual([]);
  expect(tell(message('SIP/2.0 999 x'))).toEqual([]);
  expect(tell(message('SIP/2.0 200 OK', { CSeq: '1 INVITE' }))).toEqual([]);
  expect(stack.faults).toEqual({ malformed: 2, stray: 1, flooded: 0 });
  expect(tell('\n\n')).toEqual([]);
  expect(stack.faults.malformed).toBe(2);
});

test('however much of it comes, the log has a line a minute, and nothing of the message', () => {
  const { clock, events, tell } = stackAlone();
  for (let times = 0; times < 100; times++) tell(message('SIP/2.0 999 secret'));
  clock.advance(60_000);
  tell(message('SIP/2.0 999 secret'));
  expect(events).toEqual([
    'sip_malformed {"why":"malformed status line","transport":"udp","address":"192.0.2.2","count":1}',
    'sip_malformed {"why":"malformed status line","transport":"udp","address":"192.0.2.2","count":101}',
  ]);
});

test('strangers have a few places, those we have called have theirs', async () => {
  const { stack, tell, toThere } = stackAlone();
  stack.onRequest((_, respond) => respond({ status: 200 }));
  const nth = (id: number) => message(OPTIONS, { Via: `SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK-${id}` });
  let answered = 0;
  for (let id = 0; id < 600; id++) answered += tell(nth(id)).length;
  expect(answered).toBe(512);
  expect(stack.faults.flooded).toBe(88);
  stack.request(exampleRequest('OPTIONS'), toThere, heardAnswers());
  await new Promise((resolve) => setImmediate(resolve));
  expect(tell(nth(1000))).toContain('SIP/2.0 200 OK');
});

test('places come free again after 32 s', () => {
  const { stack, clock, tell } = stackAlone();
  stack.onRequest((_, respond) => respond({ status: 200 }));
  const nth = (id: number) => message(OPTIONS, { Via: `SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK-${id}` });
  for (let id = 0; id < 513; id++) tell(nth(id));
  expect(tell(nth(513))).toEqual([]);
  clock.advance(32_000);
  expect(tell(nth(514))).toEqual(['SIP/2.0 200 OK']);
});

test('RFC 2543: without a branch, requests are told apart by all that they say', () => {
  const { stack, tell } = stackAlone();
  const heard: string[] = [];
  stack.onRequest((request, respond) => {
    heard.push(request.headers.get('call-id') ?? '');
    respond({ status: 200 });
  });
  // The cookie by itself is no branch either (RFC 4475 §3.2.1).
  for (const Via of ['SIP/2.0/UDP 192.0.2.2', 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK']) {
    for (const id of ['a', 'b', 'a']) expect(tell(message(OPTIONS, { Via, 'Call-ID': id }))).toHaveLength(1);
  }
  expect(heard).toEqual(['a', 'b', 'a', 'b']);
});

test('the answer says where the request came from (RFC 3581), and has all its Vias', () => {
  const { stack, tell, got } = stackAlone();
  stack.onRequest((_, respond) => respond({ status: 200 }));
  tell(message(OPTIONS, { Via: 'SIP/2.0/UDP 10.0.0.1:7;branch=z9hG4bK1;rport, SIP/2.0/TCP far' }));
  tell(message(OPTIONS, { Via: 'SIP/2.0/UDP 10.0.0.1:7;branch=z9hG4bK2' }));
  tell(message(OPTIONS, { Via: 'SIP/2.0/UDP 192.0.2.2:7;branch=z9hG4bK3' }));
  expect(got.map((answer) => parseSip(Buffer.from(answer)).headers.all('via'))).toEqual([
    ['SIP/2.0/UDP 10.0.0.1:7;branch=z9hG4bK1;received=192.0.2.2;rport=5060', 'SIP/2.0/TCP far'],
    ['SIP/2.0/UDP 10.0.0.1:7;branch=z9hG4bK2;received=192.0.2.2'],
    ['SIP/2.0/UDP 192.0.2.2:7;branch=z9hG4bK3'],
  ]);
});

test('a header that would be two is refused before anything is sent', () => {
  const { us, toThere, sent } = stackPair();
  const evil = exampleRequest('INVITE', 'one', [['Subject', 'a\r\nX: y']]);
  expect(() => us.request(evil, toThere, heardAnswers())).toThrow(RangeError);
  expect(() => us.ack(evil, toThere)).toThrow(RangeError);
  expect(sent).toEqual([]);
});

test('a listener that throws on an answer harms no other call', async () => {
  const { us, them, toThere, pass } = stackPair();
  them.onRequest((_, respond) => respond({ status: 200 }));
  const answers = heardAnswers();
  us.request(exampleRequest('OPTIONS', 'one'), toThere, {
    ...answers,
    response() {
      throw new Error('broken');
    },
  });
  us.request(exampleRequest('OPTIONS', 'two'), toThere, answers);
  await pass(10);
  expect(answers.told).toEqual(['200']);
});
