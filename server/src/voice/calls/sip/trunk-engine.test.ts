import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sipHeaders } from './message/sip-headers.ts';
import { NO_BODY } from './message/sip-message.ts';
import { farRequest } from './scripted-stack.ts';
import { FAR_SDP, trunkRig } from './trunk-example.ts';

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

test('no more calls than the contract with the trunk has', async () => {
  const { stack, place, engine } = trunkRig({ max_calls: 2 });
  let told = 0;
  engine.onFree(() => told++);
  place();
  place();
  expect(engine.status()).toEqual({ state: 'up', free: 0, trouble: null });
  const third = place();
  expect(await third.ended).toMatchObject({ outcome: 'failed', retry: 'elsewhere' });
  await settle();
  const before = told;
  (await stack.next('INVITE')).answer(486);
  await settle();
  expect(told).toBe(before + 1);
  expect(engine.status().free).toBe(1);
});

test('nothing is told before place has returned', async () => {
  const { place, engine } = trunkRig({ max_calls: 1 });
  const calls = [place({ to: 'nobody' }), place(), place({}, AbortSignal.abort())];
  expect(calls.map(({ events }) => events.length)).toEqual([0, 0, 0]);
  await settle();
  expect(calls.map(({ events }) => events.length)).toEqual([1, 1, 1]);
  expect(engine.status().free).toBe(1);
});

test('a name without an address: down, until it has one', async () => {
  const names: Record<string, string[]> = {};
  const { engine, place, stack } = trunkRig({ host: 'sip.example' }, names);
  await settle();
  expect(engine.status()).toMatchObject({ state: 'down', free: 0, trouble: expect.stringContaining('no address') });
  expect(await place().ended).toMatchObject({ outcome: 'failed', retry: 'elsewhere' });
  names['sip.example'] = ['192.0.2.5'];
  place();
  expect((await stack.next('INVITE')).target.address).toBe('192.0.2.5');
  expect(engine.status().state).toBe('up');
});

test('outside of calls: OPTIONS is answered, calls are declined, the rest is not for us', () => {
  const { stack } = trunkRig();
  const invite = { kind: 'request', method: 'INVITE', uri: '', headers: sipHeaders(), body: NO_BODY } as const;
  const stranger = (method: string, to = '<sip:passbell@192.0.2.7>') => {
    const request = farRequest(invite, method);
    return { ...request, headers: request.headers.with('To', to) };
  };
  expect(stack.receive(stranger('OPTIONS'))?.status).toBe(200);
  expect(stack.receive(stranger('INVITE'))?.status).toBe(603);
  expect(stack.receive(stranger('NOTIFY'))?.status).toBe(405);
  expect(stack.receive(stranger('BYE', '<sip:passbell@192.0.2.7>;tag=gone'))?.status).toBe(481);
  expect(stack.receive(stranger('INVITE', '<sip:passbell@192.0.2.7>;tag=gone'))?.status).toBe(481);
  expect(stack.receive(stranger('ACK'))).toBeNull();
});

test('closed: calls get their time, then they are hung up', async () => {
  const { stack, talking, engine, clock, place } = trunkRig();
  const { kinds } = await talking();
  const ringing = place();
  const invite = await stack.next('INVITE');
  invite.answer(180);
  let done = false;
  const closed = engine.close(10_000).then(() => {
    done = true;
  });
  expect(engine.status()).toEqual({ state: 'down', free: 0, trouble: 'It was closed.' });
  expect(await place().ended).toMatchObject({ outcome: 'failed', retry: 'elsewhere' });
  clock.advance(9_999);
  await settle();
  expect(kinds()).toEqual(['answered']);
  clock.advance(1);
  expect(invite.cancelled).toBe(true);
  (await stack.next('BYE')).answer(200);
  await settle();
  expect(done).toBe(false);
  invite.answer(487);
  expect(await ringing.ended).toMatchObject({ outcome: 'cancelled' });
  await closed;
});

test('closed while nothing is under way, or once the last call has ended, it does not wait', async () => {
  const idle = trunkRig();
  await idle.engine.close(60_000);
  const { talking, engine, stack } = trunkRig();
  const { invite } = await talking();
  const closed = engine.close(60_000);
  stack.receive(farRequest(invite.request, 'BYE'));
  await closed;
});

test('nothing of it stays behind: neither in signals, nor in timers', async () => {
  const { stack, place, engine, clock } = trunkRig();
  const off = new AbortController();
  const { ended } = place({}, off.signal);
  (await stack.next('INVITE')).answer(503, { headers: [['Retry-After', '60']] });
  await ended;
  expect(getEventListeners(off.signal, 'abort')).toEqual([]);
  await engine.close(0);
  let told = 0;
  engine.onFree(() => told++);
  clock.advance(3_600_000);
  expect(told).toBe(0);
});

test('a far end that says nothing any more does not hold up the closing', async () => {
  const { talking, engine, clock, stack } = trunkRig();
  const { ended } = await talking();
  const closed = engine.close(0);
  await settle();
  clock.advance(0);
  await stack.next('BYE');
  clock.advance(5_000);
  expect(await ended).toMatchObject({ outcome: 'completed' });
  await closed;
});

test('whatever the far end does, each call ends once, in order, and gives its line back', async () => {
  const act = fc.oneof(
    fc.record({
      do: fc.constant('answer' as const),
      status: fc.constantFrom(100, 180, 183, 200, 302, 401, 403, 486, 487, 503, 600),
      tag: fc.constantFrom('far', 'fork'),
    }),
    fc.record({ do: fc.constant('lost' as const), why: fc.constantFrom('timeout' as const, 'transport' as const) }),
    fc.record({
      do: fc.constant('ask' as const),
      method: fc.constantFrom('BYE', 'INVITE', 'INFO', 'ACK', 'UPDATE', 'FOO'),
      body: fc.constantFrom('', FAR_SDP, 'x'),
    }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(100, 5_000, 10_000, 70_000) }),
    fc.record({ do: fc.constant('hang up' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 14 }), fc.nat(), async (acts, pick) => {
      const { stack, place, engine, clock, media } = trunkRig({
        username: 'acme',
        password: 'hush',
        backups: [{ host: '192.0.2.2' }],
      });
      const { call, kinds } = place({ ringMs: 10_000 });
      let cseq = 0;
      for (const one of acts) {
        await settle();
        const sent = stack.sent[(pick + cseq) % Math.max(1, stack.sent.length)];
        cseq += 1;
        if (one.do === 'wait') clock.advance(one.ms);
        else if (one.do === 'hang up') call.hangUp();
        else if (sent === undefined) continue;
        else if (one.do === 'answer') sent.answer(one.status, { tag: one.tag, body: one.status < 300 ? FAR_SDP : '' });
        else if (one.do === 'lost') sent.lost(one.why);
        else stack.receive(farRequest(sent.request, one.method, { cseq, body: one.body }));
      }
      // Every way to the end is bounded by a timer of ours.
      for (let i = 0; i < 30; i++) {
        await settle();
        clock.advance(10_000);
      }
      await settle();
      const heard = kinds();
      expect(heard.filter((kind) => kind === 'ended')).toHaveLength(1);
      expect(heard.at(-1)).toBe('ended');
      for (const kind of ['ringing', 'answered'] as const)
        expect(heard.filter((one) => one === kind).length).toBeLessThan(2);
      if (heard.includes('ringing') && heard.includes('answered')) expect(heard[0]).toBe('ringing');
      expect(engine.status().free === 30 || engine.status().state === 'down').toBe(true);
      expect(media.sessions.every(({ done }) => done.at(-1) === 'close')).toBe(true);
      // What was answered by more than us alone is hung up, however often.
      const dialogs = new Set(
        stack.sent
          .filter(({ request }) => request.method === 'ACK')
          .map(({ request }) => `${request.headers.get('Call-ID')} ${request.headers.get('To')}`),
      );
      const byes = new Set(
        stack.sent
          .filter(({ request }) => request.method === 'BYE')
          .map(({ request }) => `${request.headers.get('Call-ID')} ${request.headers.get('To')}`),
      );
      expect(dialogs.size - byes.size).toBeLessThan(2);
    }),
    { numRuns: 300 },
  );
});
