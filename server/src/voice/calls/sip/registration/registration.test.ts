import { expect, test } from 'vitest';
import type { Sent } from '../scripted-stack.ts';
import { trunkRig } from '../trunk-example.ts';

const account = { username: 'acme', password: 'hush', register: true };
const challenge = (nonce: string) =>
  [['WWW-Authenticate', `Digest realm="trunk", nonce="${nonce}", algorithm=MD5, qop="auth"`]] as const;
const header = ({ request }: Sent, name: string) => request.headers.get(name);

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test('an address is registered, with the password that the registrar asks for, and then calls may go', async () => {
  const { stack, engine } = trunkRig(account);
  expect(engine.status()).toEqual({ state: 'down', free: 0, trouble: 'It is not registered yet.' });
  const first = await stack.next('REGISTER');
  expect(first.request.uri).toBe('sip:192.0.2.1');
  expect(header(first, 'To')).toBe('<sip:acme@192.0.2.1>');
  expect(header(first, 'Contact')).toBe('<sip:passbell@192.0.2.7:5060>');
  expect(header(first, 'Expires')).toBe('600');
  first.answer(401, { headers: challenge('n1') });
  const second = await stack.next('REGISTER');
  expect(header(second, 'CSeq')).toBe('2 REGISTER');
  expect(header(second, 'Call-ID')).toBe(header(first, 'Call-ID'));
  expect(header(second, 'Authorization')).toContain('username="acme"');
  second.answer(200);
  await settle();
  expect(engine.status()).toEqual({ state: 'up', free: 30, trouble: null });
});

test('it is refreshed in time, and runs out when that fails', async () => {
  const { stack, engine, clock } = trunkRig(account);
  const contacts = [
    ['Contact', '<sip:other@192.0.2.99:5060>;expires=3600'],
    ['Contact', '<sip:passbell@192.0.2.7:5060>;expires=100'],
  ] as const;
  (await stack.next('REGISTER')).answer(200, { headers: contacts });
  await settle();
  clock.advance(79_999);
  expect(stack.methods).toEqual(['REGISTER']);
  clock.advance(1);
  const refresh = await stack.next('REGISTER');
  refresh.answer(500);
  await settle();
  expect(engine.status()).toMatchObject({ state: 'degraded', free: 30 });
  clock.advance(19_999);
  expect(engine.status().state).toBe('degraded');
  clock.advance(1);
  expect(engine.status()).toMatchObject({ state: 'down', free: 0 });
  const later = await stack.next('REGISTER');
  later.answer(200, { headers: [['Expires', '100']] });
  await settle();
  expect(engine.status().state).toBe('up');
});

test('a registrar that wants longer intervals gets them', async () => {
  const { stack, engine, clock } = trunkRig({ ...account, register_expires: 60 });
  (await stack.next('REGISTER')).answer(423, { headers: [['Min-Expires', '1800']] });
  const second = await stack.next('REGISTER');
  expect(header(second, 'Expires')).toBe('1800');
  second.answer(200);
  await settle();
  clock.advance(1_439_999);
  expect(stack.methods).toHaveLength(2);
  clock.advance(1);
  expect(header(await stack.next('REGISTER'), 'Expires')).toBe('1800');
  expect(engine.status().state).toBe('up');
});

test.each(['10', '999999999', 'soon'])('one that wants %s is not believed', async (wanted) => {
  const { stack, engine } = trunkRig(account);
  (await stack.next('REGISTER')).answer(423, { headers: [['Min-Expires', wanted]] });
  await settle();
  expect(stack.methods).toEqual(['REGISTER']);
  expect(engine.status()).toMatchObject({ state: 'down', trouble: expect.stringContaining('(423)') });
});

test('one that always wants longer is asked twice, not for ever', async () => {
  const { stack } = trunkRig(account);
  (await stack.next('REGISTER')).answer(423, { headers: [['Min-Expires', '1800']] });
  (await stack.next('REGISTER')).answer(423, { headers: [['Min-Expires', '3600']] });
  await settle();
  expect(stack.methods).toEqual(['REGISTER', 'REGISTER']);
});

test('when it runs out, whoever waits for the trunk is told', async () => {
  const { stack, engine, clock } = trunkRig({ ...account, give_up_ms: 30_000 });
  (await stack.next('REGISTER')).answer(200, { headers: [['Expires', '60']] });
  await settle();
  clock.advance(48_000);
  await stack.next('REGISTER');
  const told: string[] = [];
  engine.onFree(() => told.push(engine.status().state));
  clock.advance(12_000);
  expect(told).toEqual(['down']);
});

test('a wrong password is tried again after a minute or so, not sooner: registrars shut out those who guess', async () => {
  const { stack, engine, clock } = trunkRig(account);
  (await stack.next('REGISTER')).answer(401, { headers: challenge('n1') });
  (await stack.next('REGISTER')).answer(401, { headers: challenge('n2') });
  await settle();
  expect(engine.status().trouble).toBe('The registrar refuses us (401): look at username and password.');
  clock.advance(29_999);
  await settle();
  expect(stack.methods).toHaveLength(2);
  clock.advance(30_001);
  await stack.next('REGISTER');
});

test('failures are tried again for ever, at longer and longer intervals, a minute at most', async () => {
  const { stack, clock } = trunkRig(account);
  const gaps: number[] = [];
  let last = clock.now();
  for (let i = 0; i < 12; i++) {
    const wait = stack.next('REGISTER');
    await settle();
    while (stack.methods.length === i) {
      clock.advance(500);
      await settle();
    }
    gaps.push(clock.now() - last);
    last = clock.now();
    (await wait).answer(500);
  }
  expect(gaps[1]).toBeLessThanOrEqual(2_000);
  expect(Math.max(...gaps)).toBeGreaterThan(29_000);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(60_500);
});

test('a registrar that says nothing: its backup is asked', async () => {
  const { stack, engine, clock } = trunkRig({ ...account, backups: [{ host: '192.0.2.2' }] });
  await stack.next('REGISTER');
  clock.advance(5_000);
  const second = await stack.next('REGISTER');
  expect(second.target.address).toBe('192.0.2.2');
  second.answer(200);
  await settle();
  expect(engine.status()).toMatchObject({ state: 'degraded', free: 30 });
});

test('a registrar that refuses is not asked again by way of its backup, one that is busy is', async () => {
  const refusing = trunkRig({ ...account, backups: [{ host: '192.0.2.2' }] });
  (await refusing.stack.next('REGISTER')).answer(403);
  await settle();
  expect(refusing.stack.methods).toEqual(['REGISTER']);
  const busy = trunkRig({ ...account, backups: [{ host: '192.0.2.2' }] });
  (await busy.stack.next('REGISTER')).answer(503, { headers: [['Retry-After', '60']] });
  expect((await busy.stack.next('REGISTER')).target.address).toBe('192.0.2.2');
});

test('when the trunk is closed its address is taken back, and nobody waits for that for long', async () => {
  const { stack, engine, clock } = trunkRig(account);
  (await stack.next('REGISTER')).answer(200);
  await settle();
  const closed = engine.close(0);
  const last = await stack.next('REGISTER');
  expect(header(last, 'Expires')).toBe('0');
  clock.advance(2_000);
  await closed;
  clock.advance(3_600_000);
  expect(stack.methods).toEqual(['REGISTER', 'REGISTER']);
});

test('what was never registered is not taken back', async () => {
  const { stack, engine } = trunkRig(account);
  (await stack.next('REGISTER')).answer(403);
  await settle();
  await engine.close(0);
  expect(stack.methods).toEqual(['REGISTER']);
});

test("the registrar's name is the domain of our address", async () => {
  const { stack } = trunkRig({ ...account, from_domain: 'acme.example' });
  const { request } = await stack.next('REGISTER');
  expect(request.uri).toBe('sip:acme.example');
  expect(request.headers.get('From')).toMatch(/^<sip:acme@acme\.example>;tag=/);
});
