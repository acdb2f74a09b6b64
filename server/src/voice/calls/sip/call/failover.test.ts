import { expect, test } from 'vitest';
import { FAR_SDP, trunkRig } from '../trunk-example.ts';

const two = { backups: [{ host: '192.0.2.2' }] };

test('a target that says nothing is given up long before timer B, and the next one has the call', async () => {
  const { stack, place, clock, engine } = trunkRig(two);
  const placed = place();
  const first = await stack.next('INVITE');
  clock.advance(4_999);
  expect(stack.methods).toEqual(['INVITE']);
  clock.advance(1);
  const second = await stack.next('INVITE');
  expect(first.abandoned).toBe(true);
  expect([first, second].map(({ target }) => target.address)).toEqual(['192.0.2.1', '192.0.2.2']);
  expect(second.request.headers.get('Call-ID')).not.toBe(first.request.headers.get('Call-ID'));
  expect(engine.status()).toMatchObject({ state: 'degraded', free: 29 });
  second.answer(200, { body: FAR_SDP });
  await placed.heard('answered');
  // The first one had it after all, and answers late: it is hung up, and the call goes on.
  first.answer(200, { body: FAR_SDP, tag: 'late' });
  const bye = await stack.next('BYE');
  expect(bye.request.headers.get('Call-ID')).toBe(first.request.headers.get('Call-ID'));
  expect(placed.kinds()).toEqual(['answered']);
});

test('any word from a target is an answer: it is not given up', async () => {
  const { stack, place, clock } = trunkRig(two);
  place();
  (await stack.next('INVITE')).answer(100);
  clock.advance(20_000);
  expect(stack.methods).toEqual(['INVITE']);
});

test("give_up_ms is the trunk's", async () => {
  const { stack, place, clock } = trunkRig({ ...two, give_up_ms: 1_000 });
  place();
  await stack.next('INVITE');
  clock.advance(1_000);
  await stack.next('INVITE');
});

test('503 with Retry-After takes the target out for so long', async () => {
  const { stack, place, clock, engine } = trunkRig(two);
  place();
  (await stack.next('INVITE')).answer(503, { headers: [['Retry-After', '60']] });
  expect((await stack.next('INVITE')).target.address).toBe('192.0.2.2');
  expect(engine.status().state).toBe('degraded');
  place();
  expect((await stack.next('INVITE')).target.address).toBe('192.0.2.2');
  clock.advance(60_000);
  expect(engine.status().state).toBe('up');
  place();
  expect((await stack.next('INVITE')).target.address).toBe('192.0.2.1');
});

test.each([500, 502, 503, 504])(
  '%d is for this call alone: the next target has it, the next call comes back',
  async (status) => {
    const { stack, place } = trunkRig(two);
    place();
    (await stack.next('INVITE')).answer(status);
    expect((await stack.next('INVITE')).target.address).toBe('192.0.2.2');
    place();
    expect((await stack.next('INVITE')).target.address).toBe('192.0.2.1');
  },
);

test.each([486, 600, 603, 403, 404, 408, 480, 487, 302])(
  '%d is the answer: no other target is asked',
  async (status) => {
    const { stack, place } = trunkRig(two);
    const { ended } = place();
    (await stack.next('INVITE')).answer(status);
    expect(await ended).toMatchObject({ sipStatus: status });
    expect(stack.methods).toEqual(['INVITE']);
  },
);

test('a callee is not rung twice', async () => {
  const { stack, place } = trunkRig(two);
  const { ended } = place();
  const invite = await stack.next('INVITE');
  invite.answer(180);
  invite.answer(503, { headers: [['Retry-After', '60']] });
  expect(await ended).toMatchObject({ outcome: 'failed', sipStatus: 503, retry: 'unknown' });
  expect(stack.methods).toEqual(['INVITE']);
});

test('no way to a target, or one that is never found', async () => {
  const { stack, place, clock } = trunkRig({
    backups: [{ host: '192.0.2.2' }, { host: '192.0.2.3' }],
    transport: 'tcp',
  });
  stack.unreachable.add('192.0.2.1');
  stack.hanging.add('192.0.2.2');
  const { ended, call } = place();
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  clock.advance(5_000);
  const invite = await stack.next('INVITE');
  expect(invite.target.address).toBe('192.0.2.3');
  invite.lost('transport');
  expect(await ended).toEqual({
    outcome: 'failed',
    sipStatus: null,
    reason: 'The trunk does not answer',
    cause: null,
    retry: 'elsewhere',
  });
  call.hangUp();
});

test('the last refusal is the one that is told', async () => {
  const { stack, place } = trunkRig(two);
  const { ended } = place();
  (await stack.next('INVITE')).answer(503);
  (await stack.next('INVITE')).answer(500, { reason: 'Worse' });
  expect(await ended).toMatchObject({ outcome: 'failed', sipStatus: 500, reason: 'Worse', retry: 'elsewhere' });
});

test('from IPv6 to IPv4: a port of the other kind, and an offer that names it', async () => {
  const { stack, place, media } = trunkRig({ host: '2001:db8::1', ...two });
  stack.host = '2001:db8::7';
  place();
  const first = await stack.next('INVITE');
  expect(first.request.uri).toBe('sip:+9779851023212@[2001:db8::1]');
  expect(first.request.headers.get('Contact')).toBe('<sip:passbell@[2001:db8::7]:5060>');
  expect(Buffer.from(first.request.body).toString()).toContain('c=IN IP6 2001:db8::7');
  stack.host = '192.0.2.7';
  first.answer(500);
  const second = await stack.next('INVITE');
  expect(Buffer.from(second.request.body).toString()).toContain('c=IN IP4 192.0.2.7');
  expect(media.sessions.map(({ family }) => family)).toEqual([6, 4]);
  expect(media.sessions.map(({ done }) => done)).toEqual([['close'], []]);
});

test('when all targets are out the trunk is down, until one comes back', async () => {
  const { stack, place, clock, engine } = trunkRig();
  const { ended } = place();
  await stack.next('INVITE');
  clock.advance(5_000);
  expect(await ended).toMatchObject({ outcome: 'failed', retry: 'elsewhere' });
  expect(engine.status()).toMatchObject({ state: 'down', free: 0 });
  expect(await place().ended).toMatchObject({ outcome: 'failed', retry: 'elsewhere' });
  let changes = 0;
  engine.onFree(() => changes++);
  clock.advance(15_000);
  expect(changes).toBe(1);
  expect(engine.status()).toEqual({ state: 'up', free: 30, trouble: null });
});
