import { expect, test } from 'vitest';
import { FAR_SDP, trunkRig } from '../trunk-example.ts';

test.each([
  [486, 'rejected', 'never'],
  [403, 'rejected', 'never'],
  [600, 'rejected', 'never'],
  [603, 'rejected', 'never'],
  [607, 'rejected', 'never'],
  [608, 'rejected', 'never'],
  [302, 'failed', 'elsewhere'],
  [404, 'failed', 'elsewhere'],
  [408, 'failed', 'elsewhere'],
  [480, 'failed', 'elsewhere'],
  [484, 'failed', 'never'],
  [488, 'failed', 'elsewhere'],
  [500, 'failed', 'elsewhere'],
  [503, 'failed', 'elsewhere'],
  [604, 'failed', 'never'],
])('a refusal with %d has %s, and may be tried %s', async (status, outcome, retry) => {
  const { stack, place, engine, media } = trunkRig();
  const { ended, kinds } = place();
  (await stack.next('INVITE')).answer(status, { reason: 'So it is' });
  expect(await ended).toEqual({ outcome, sipStatus: status, reason: 'So it is', cause: null, retry });
  expect(kinds()).toEqual(['ended']);
  expect(engine.status().free).toBe(30);
  expect(media.sessions[0]?.done).toEqual(['close']);
});

test.each([500, 503, 404])(
  'a failure with %d after it rang is in doubt: the callee may have heard it',
  async (status) => {
    const { stack, place } = trunkRig();
    const { ended } = place();
    const invite = await stack.next('INVITE');
    invite.answer(180);
    invite.answer(status);
    expect(await ended).toMatchObject({ outcome: 'failed', sipStatus: status, retry: 'unknown' });
  },
);

test.each([408, 480, 487])('%d after it rang: nobody answered, and the callee is not rung twice', async (status) => {
  const { stack, place } = trunkRig();
  const { ended } = place();
  const invite = await stack.next('INVITE');
  invite.answer(180);
  invite.answer(status, { headers: [['Reason', 'Q.850;cause=19']] });
  expect(await ended).toMatchObject({ outcome: 'cancelled', sipStatus: status, cause: 19, retry: 'never' });
});

test('no answer: it is cancelled when its ringing time is up', async () => {
  const { stack, place, clock } = trunkRig();
  const { ended, kinds } = place({ ringMs: 10_000 });
  const invite = await stack.next('INVITE');
  invite.answer(100);
  clock.advance(4_000);
  invite.answer(180);
  clock.advance(9_999);
  expect(invite.cancelled).toBe(false);
  clock.advance(1);
  expect(invite.cancelled).toBe(true);
  invite.answer(487, { reason: 'Request Terminated' });
  const end = { outcome: 'cancelled', sipStatus: 487, reason: 'Request Terminated', cause: null, retry: 'never' };
  expect(await ended).toEqual(end);
  expect(kinds()).toEqual(['ringing', 'ended']);
});

test('a trunk that says only that it tries has the same time', async () => {
  const { stack, place, clock } = trunkRig();
  place({ ringMs: 10_000 });
  const invite = await stack.next('INVITE');
  invite.answer(100);
  clock.advance(10_000);
  expect(invite.cancelled).toBe(true);
});

test('a CANCEL that is not answered: nobody waits longer than 5 s, and what comes later is cleaned up', async () => {
  const { stack, place, clock, engine } = trunkRig();
  const { ended, call } = place();
  const invite = await stack.next('INVITE');
  invite.answer(180);
  call.hangUp();
  call.hangUp();
  clock.advance(5_000);
  expect(await ended).toMatchObject({ outcome: 'cancelled', sipStatus: null });
  expect(invite.abandoned).toBe(true);
  expect(engine.status().free).toBe(30);
  invite.answer(200, { body: FAR_SDP });
  await stack.next('ACK');
  await stack.next('BYE');
});

test('a 200 that crosses the CANCEL gets ACK and BYE, and the call was cancelled', async () => {
  const { stack, place } = trunkRig();
  const { ended, call, kinds } = place();
  const invite = await stack.next('INVITE');
  invite.answer(180);
  call.hangUp();
  invite.answer(200, { body: FAR_SDP });
  expect(await ended).toMatchObject({ outcome: 'cancelled', sipStatus: null });
  await stack.next('ACK');
  await stack.next('BYE');
  invite.answer(200, { body: FAR_SDP });
  await stack.next('ACK');
  expect(kinds()).toEqual(['ringing', 'ended']);
  expect(stack.methods).toEqual(['INVITE', 'ACK', 'BYE', 'ACK']);
});

test('called off before anything was sent, nothing is', async () => {
  const { stack, place } = trunkRig();
  const { ended, call } = place();
  call.hangUp();
  expect(await ended).toMatchObject({ outcome: 'cancelled' });
  const later = place();
  await stack.next('INVITE');
  expect(stack.methods).toEqual(['INVITE']);
  later.call.hangUp();
});

test('called off by its signal, before and after', async () => {
  const { stack, place } = trunkRig();
  expect(await place({}, AbortSignal.abort()).ended).toMatchObject({ outcome: 'cancelled' });
  expect(stack.methods).toEqual([]);
  const off = new AbortController();
  const { ended } = place({}, off.signal);
  const invite = await stack.next('INVITE');
  invite.answer(180);
  off.abort();
  expect(invite.cancelled).toBe(true);
  invite.answer(487);
  expect(await ended).toMatchObject({ outcome: 'cancelled', sipStatus: 487 });
});

test('a busy tone that crosses the CANCEL keeps its status', async () => {
  const { stack, place } = trunkRig();
  const { ended, call } = place();
  const invite = await stack.next('INVITE');
  invite.answer(180);
  call.hangUp();
  invite.answer(486);
  expect(await ended).toMatchObject({ outcome: 'cancelled', sipStatus: 486 });
});

test('a trunk that breaks down while it rings leaves the call in doubt', async () => {
  const { stack, place } = trunkRig();
  const { ended } = place();
  const invite = await stack.next('INVITE');
  invite.answer(180);
  invite.lost('transport');
  expect(await ended).toMatchObject({ outcome: 'failed', sipStatus: null, retry: 'unknown' });
});

test.each(['0985', '+9779', '+9779851023212\r\nX: y', 'sip:x@y', ''])(
  'the callee %j is dialled nowhere',
  async (to) => {
    const { stack, place } = trunkRig();
    expect(await place({ to }).ended).toMatchObject({ outcome: 'failed', retry: 'never' });
    expect(stack.methods).toEqual([]);
  },
);

test('without a port for sound no call is placed', async () => {
  const { stack, place, media } = trunkRig();
  media.fill();
  expect(await place().ended).toMatchObject({ outcome: 'failed', retry: 'elsewhere' });
  expect(stack.methods).toEqual([]);
});

test.each([
  [false, 'elsewhere'],
  [true, 'unknown'],
])('sound that breaks before the answer is no cancelled call; it rang: %s', async (rang, retry) => {
  const { stack, place, media } = trunkRig();
  const { ended } = place();
  const invite = await stack.next('INVITE');
  if (rang) invite.answer(180);
  media.sessions[0]?.event({ kind: 'lost' });
  expect(invite.cancelled).toBe(true);
  invite.answer(487);
  expect(await ended).toMatchObject({ outcome: 'failed', retry });
});
