import { expect, test } from 'vitest';
import { tagOf } from '../message/name-addr.ts';
import type { Respond } from '../stack.ts';
import { exampleRequest, heardAnswers, stackPair } from '../stack-example.ts';

/** The start lines that begin with `first`. */
const count = (sent: readonly string[], first: string) => sent.filter((line) => line.startsWith(first)).length;

test('a request, its answer, and nothing more of either', async () => {
  const { us, them, toThere, pass, sent } = stackPair();
  them.onRequest((request, respond) => respond({ status: 200, headers: [['X-Method', request.method]] }));
  const answers = heardAnswers();
  us.request(exampleRequest('OPTIONS'), toThere, answers);
  await pass(60_000);
  expect(answers.told).toEqual(['200']);
  expect(sent).toEqual(['OPTIONS sip:them@192.0.2.2 SIP/2.0', 'SIP/2.0 200 OK']);
  const [response] = answers.responses;
  expect(response?.headers.get('x-method')).toBe('OPTIONS');
  expect(response?.headers.get('via')).toMatch(
    /^SIP\/2.0\/UDP 192.0.2.1:5060;branch=z9hG4bK[0-9a-f]{24};received=192.0.2.1;rport=5060$/,
  );
  expect(tagOf(response?.headers.get('to'))).toMatch(/^[0-9a-f]{16}$/);
});

test('without an answer: eleven times over UDP, then lost (timers E and F)', async () => {
  const { us, toThere, clock, pass, sent } = stackPair({ loses: () => true });
  const answers = heardAnswers();
  us.request(exampleRequest('OPTIONS'), toThere, answers);
  await pass(0);
  const at: number[] = [];
  for (let ms = 0; ms < 31_999; ms++) {
    const before = sent.length;
    clock.advance(1);
    if (sent.length > before) at.push(ms + 1);
  }
  expect(at).toEqual([500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
  expect(answers.told).toEqual([]);
  clock.advance(1);
  expect(answers.told).toEqual(['timeout']);
  clock.advance(120_000);
  expect(sent).toHaveLength(11);
});

test('an INVITE without an answer: seven times, each after twice the time (timers A and B); once over TCP', async () => {
  for (const [transport, times] of [
    ['udp', 7],
    ['tcp', 1],
  ] as const) {
    const { us, toThere, pass, sent } = stackPair({ transport, loses: () => true });
    const answers = heardAnswers();
    us.request(exampleRequest('INVITE'), toThere, answers);
    await pass(31_999);
    expect(answers.told).toEqual([]);
    await pass(1);
    expect(answers.told).toEqual(['timeout']);
    expect(sent).toHaveLength(times);
  }
});

test('a refused INVITE is ACKed by itself, as often as the refusal comes', async () => {
  let lost = 0;
  const { us, them, toThere, pass, sent } = stackPair({
    loses: (octets) => octets.toString('latin1', 0, 3) === 'ACK' && lost++ < 2,
  });
  them.onRequest((_, respond) => {
    respond({ status: 180 });
    respond({ status: 486 });
  });
  const answers = heardAnswers();
  us.request(exampleRequest('INVITE'), toThere, answers);
  await pass(60_000);
  expect(answers.told).toEqual(['180', '486']);
  expect(count(sent, 'ACK')).toBe(3);
  expect(count(sent, 'SIP/2.0 486')).toBe(3);
});

test('a refusal that nobody ACKs is given up after 32 s (timer H)', async () => {
  const { us, them, toThere, pass, sent } = stackPair({ loses: (octets) => octets.toString('latin1', 0, 3) === 'ACK' });
  them.onRequest((_, respond) => respond({ status: 603 }));
  us.request(exampleRequest('INVITE'), toThere, heardAnswers());
  await pass(32_500);
  const then = sent.length;
  await pass(60_000);
  expect(sent).toHaveLength(then);
});

test('a 2xx comes again until it is ACKed, and each reaches the caller; the ACK is heard once', async () => {
  const { us, them, toThere, pass, sent } = stackPair();
  const heard: string[] = [];
  them.onRequest((request, respond) => {
    heard.push(request.method);
    respond({ status: 200 });
  });
  const answers = heardAnswers();
  us.request(exampleRequest('INVITE'), toThere, answers);
  await pass(1_600);
  expect(answers.told).toEqual(['200', '200', '200']);
  const to = answers.responses[0]?.headers.get('to') ?? '';
  for (let times = 0; times < 3; times++) us.ack(exampleRequest('ACK', 'one', [['To', to]]), toThere);
  await pass(60_000);
  expect(heard).toEqual(['INVITE', 'ACK']);
  expect(answers.told).toHaveLength(3);
  expect(count(sent, 'INVITE')).toBe(1);
});

test('a 2xx that nobody ACKs is sent for 32 s, and heard for as long', async () => {
  const { us, them, toThere, pass, sent } = stackPair();
  them.onRequest((_, respond) => respond({ status: 200 }));
  const answers = heardAnswers();
  us.request(exampleRequest('INVITE'), toThere, answers);
  await pass(120_000);
  expect(count(sent, 'SIP/2.0 200')).toBe(11);
  expect(answers.told).toHaveLength(11);
  expect(us.faults.stray).toBe(0);
});

test('forks: each 2xx reaches the caller, with its own tag', async () => {
  const { us, them, there, toThere, toHere, pass } = stackPair();
  them.onRequest((_, respond) => respond({ status: 200 }));
  const answers = heardAnswers();
  us.request(exampleRequest('INVITE'), toThere, answers);
  await pass(10);
  const via = answers.responses[0]?.headers.get('via');
  const fork = `SIP/2.0 200 OK\r\nVia: ${via}\r\nFrom: <sip:a@b>;tag=us\r\nTo: <sip:c@d>;tag=fork\r\nCall-ID: one\r\nCSeq: 1 INVITE\r\n\r\n`;
  there.send(toHere, Buffer.from(fork), () => {});
  await pass(10);
  expect(answers.responses.map(({ headers }) => tagOf(headers.get('to')) === 'fork')).toEqual([false, true]);
});

test('CANCEL waits for a provisional response (RFC 3261 §9.1)', async () => {
  const { us, them, toThere, pass, sent } = stackPair();
  let ring: Respond = () => {};
  them.onRequest((_, respond) => {
    ring = respond;
  });
  const answers = heardAnswers();
  const call = us.request(exampleRequest('INVITE'), toThere, answers);
  await pass(10);
  call.cancel();
  call.cancel();
  await pass(100);
  expect(count(sent, 'CANCEL')).toBe(0);
  ring({ status: 180 });
  await pass(10);
  expect(answers.told).toEqual(['180', '487']);
  await pass(60_000);
  expect([count(sent, 'CANCEL'), count(sent, 'ACK')]).toEqual([1, 1]);
});

test('a 2xx that crosses the CANCEL reaches the caller', async () => {
  const { us, them, toThere, pass } = stackPair({ delayMs: 100 });
  them.onRequest((_, respond) => {
    respond({ status: 180 });
    respond({ status: 200 });
  });
  const answers = heardAnswers();
  const call = us.request(exampleRequest('INVITE'), toThere, {
    ...answers,
    response(response) {
      answers.response(response);
      if (response.status === 180) call.cancel();
    },
  });
  await pass(300);
  expect(answers.told).toEqual(['180', '200']);
});

test('it may ring for longer than any timer; cancelled without an end, it is lost after 32 s', async () => {
  const { us, them, toThere, pass } = stackPair({
    loses: (octets) => /^(?:CANCEL|SIP\/2.0 [345])/.test(octets.toString('latin1', 0, 11)),
  });
  them.onRequest((_, respond) => respond({ status: 183 }));
  const answers = heardAnswers();
  const call = us.request(exampleRequest('INVITE'), toThere, answers);
  await pass(90_000);
  expect(answers.told).toEqual(['183']);
  call.cancel();
  await pass(31_999);
  expect(answers.told).toEqual(['183']);
  await pass(1);
  expect(answers.told).toEqual(['183', 'timeout']);
});

test('given up before any answer: no more is sent; what comes late is cancelled and ACKed, and nobody is told', async () => {
  const { us, them, toThere, pass, sent } = stackPair({ delayMs: 3_000 });
  them.onRequest((_, respond) => respond({ status: 180 }));
  const answers = heardAnswers();
  const call = us.request(exampleRequest('INVITE'), toThere, answers);
  await pass(4_000);
  call.abandon();
  const invites = count(sent, 'INVITE');
  await pass(60_000);
  expect(answers.told).toEqual([]);
  expect(count(sent, 'INVITE')).toBe(invites);
  expect(count(sent, 'CANCEL')).toBeGreaterThan(0);
  expect(count(sent, 'ACK')).toBeGreaterThan(0);
});

test('given up, and answered even so: the caller must hear of the 2xx, to end it', async () => {
  const { us, them, toThere, pass } = stackPair({ delayMs: 3_000 });
  them.onRequest((_, respond) => respond({ status: 200 }));
  const answers = heardAnswers();
  us.request(exampleRequest('INVITE'), toThere, answers).abandon();
  await pass(10_000);
  expect(answers.told).toEqual([]);
  const call = us.request(exampleRequest('INVITE', 'two'), toThere, answers);
  await pass(4_000);
  call.abandon();
  await pass(3_000);
  expect(answers.told[0]).toBe('200');
});

test('given up, and nothing comes: nobody is told, and nothing is kept', async () => {
  const { us, toThere, pass, sent } = stackPair({ loses: () => true });
  const answers = heardAnswers();
  for (const method of ['INVITE', 'BYE']) us.request(exampleRequest(method), toThere, answers).abandon();
  const call = us.request(exampleRequest('INVITE', 'two'), toThere, answers);
  await pass(10);
  call.abandon();
  await pass(60_000);
  expect(answers.told).toEqual([]);
  expect(sent).toHaveLength(1);
});

test('a request sent again is heard once, and answered each time', async () => {
  let lost = 0;
  const { us, them, toThere, pass, sent } = stackPair({
    loses: (octets) => octets.toString('latin1', 0, 7) === 'SIP/2.0' && lost++ < 3,
  });
  let heard = 0;
  them.onRequest((_, respond) => {
    heard += 1;
    respond({ status: 200 });
  });
  const answers = heardAnswers();
  us.request(exampleRequest('BYE'), toThere, answers);
  await pass(60_000);
  expect([heard, count(sent, 'BYE'), count(sent, 'SIP/2.0 200')]).toEqual([1, 4, 4]);
  expect(answers.told).toEqual(['200']);
});

test('an INVITE that takes its time to be answered is said to be worked on', async () => {
  const { us, them, toThere, pass } = stackPair();
  them.onRequest((_, respond) => {
    void respond;
  });
  const answers = heardAnswers();
  us.request(exampleRequest('INVITE'), toThere, answers);
  await pass(190);
  expect(answers.told).toEqual([]);
  await pass(20);
  expect(answers.told).toEqual(['100']);
  expect(tagOf(answers.responses[0]?.headers.get('to'))).toBeNull();
  // Nobody answers it at all.
  await pass(40_000);
  expect(answers.told).toEqual(['100', '500']);
});

test('the connection breaks: what waits for an answer is lost at once, what was answered is not', async () => {
  const { us, them, toThere, pass, breakDown } = stackPair({ transport: 'tcp' });
  them.onRequest((request, respond) => {
    if (request.method === 'OPTIONS') respond({ status: 200 });
  });
  const [answered, open] = [heardAnswers(), heardAnswers()];
  us.request(exampleRequest('OPTIONS'), toThere, answered);
  us.request(exampleRequest('INVITE'), toThere, open);
  await pass(10);
  breakDown();
  expect([answered.told, open.told]).toEqual([['200'], ['transport']]);
  await pass(60_000);
  expect([answered.told, open.told]).toEqual([['200'], ['transport']]);
});
