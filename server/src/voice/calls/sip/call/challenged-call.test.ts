import { expect, test } from 'vitest';
import { farRequest } from '../scripted-stack.ts';
import { FAR_SDP, trunkRig } from '../trunk-example.ts';

const account = { username: 'acme', password: 'hush' };
const challenge = (nonce: string, more = '') =>
  [['WWW-Authenticate', `Digest realm="trunk", nonce="${nonce}", algorithm=MD5, qop="auth"${more}`]] as const;

test('a challenge is answered once: same call, next number, and the ACK has the credentials of the INVITE', async () => {
  const { stack, place } = trunkRig(account);
  const placed = place();
  const first = await stack.next('INVITE');
  expect(first.request.headers.get('Authorization')).toBeUndefined();
  first.answer(401, { headers: challenge('n1') });
  const second = await stack.next('INVITE');
  const { headers } = second.request;
  expect(headers.get('CSeq')).toBe('2 INVITE');
  for (const name of ['Call-ID', 'From', 'To', 'Contact'])
    expect(headers.get(name)).toBe(first.request.headers.get(name));
  const credentials = headers.get('Authorization') ?? '';
  expect(credentials).toContain('username="acme"');
  expect(credentials).toContain(`uri="${second.request.uri}"`);
  expect(credentials).not.toContain('hush');
  second.answer(200, { body: FAR_SDP });
  await placed.heard('answered');
  const ack = await stack.next('ACK');
  expect(ack.request.headers.get('CSeq')).toBe('2 ACK');
  expect(ack.request.headers.get('Authorization')).toBe(credentials);
  placed.call.hangUp();
  expect((await stack.next('BYE')).request.headers.get('CSeq')).toBe('3 BYE');
});

test('407 is answered as Proxy-Authorization, with the name that belongs to the password', async () => {
  const { stack, place } = trunkRig({ ...account, auth_username: 'acme-auth' });
  place();
  const headers = [['Proxy-Authenticate', 'Digest realm="trunk", nonce="n1", algorithm=SHA-256, qop="auth"']] as const;
  (await stack.next('INVITE')).answer(407, { headers });
  const second = await stack.next('INVITE');
  expect(second.request.headers.get('Proxy-Authorization')).toContain('username="acme-auth"');
  expect(second.request.headers.get('From')).toContain('sip:+97714567890@');
});

test.each([
  ['a password that is refused', account],
  ['a challenge for which there is no password', {}],
])('%s: the call fails, and the trunk says why', async (_, json) => {
  const { stack, place, engine } = trunkRig(json);
  const { ended } = place();
  (await stack.next('INVITE')).answer(401, { headers: challenge('n1') });
  if ('username' in json) (await stack.next('INVITE')).answer(401, { headers: challenge('n2') });
  expect(await ended).toMatchObject({ outcome: 'failed', sipStatus: 401, retry: 'elsewhere' });
  expect(engine.status()).toEqual({
    ...{ state: 'degraded', free: 30 },
    trouble: 'The trunk refuses us (401): look at username and password.',
  });
  place();
  (await stack.next('INVITE')).answer(486);
  expect(engine.status().state).toBe('up');
});

test('a nonce that ran out is no wrong password; one that always does is', async () => {
  const { stack, place } = trunkRig(account);
  const { ended } = place();
  (await stack.next('INVITE')).answer(401, { headers: challenge('n1') });
  (await stack.next('INVITE')).answer(401, { headers: challenge('n2', ', stale=true') });
  (await stack.next('INVITE')).answer(401, { headers: challenge('n3', ', stale=true') });
  expect(await ended).toMatchObject({ sipStatus: 401 });
  expect(stack.methods).toEqual(['INVITE', 'INVITE', 'INVITE']);
});

test('a BYE that is challenged is sent again', async () => {
  const { stack, talking } = trunkRig(account);
  const { call, ended } = await talking();
  call.hangUp();
  (await stack.next('BYE')).answer(401, { headers: challenge('n1') });
  const again = await stack.next('BYE');
  expect(again.request.headers.get('CSeq')).toBe('3 BYE');
  expect(again.request.headers.get('Authorization')).toContain('nonce="n1"');
  again.answer(200);
  expect(await ended).toMatchObject({ outcome: 'completed' });
});

test('the time without an answer begins anew with the second INVITE', async () => {
  const { stack, place, clock } = trunkRig(account);
  const { ended } = place();
  const first = await stack.next('INVITE');
  clock.advance(4_000);
  first.answer(401, { headers: challenge('n1') });
  const second = await stack.next('INVITE');
  clock.advance(4_999);
  expect(second.abandoned).toBe(false);
  clock.advance(1);
  expect(second.abandoned).toBe(true);
  expect(await ended).toMatchObject({ outcome: 'failed', retry: 'elsewhere' });
});

test('called off while it is challenged, it is not dialled again', async () => {
  const { stack, place } = trunkRig(account);
  const { call, ended } = place();
  const first = await stack.next('INVITE');
  call.hangUp();
  first.answer(401, { headers: challenge('n1') });
  expect(await ended).toMatchObject({ outcome: 'cancelled', sipStatus: 401 });
  expect(stack.methods).toEqual(['INVITE']);
});

test('a call ends on the number that it was begun with: requests of another are none of ours', async () => {
  const { stack, talking } = trunkRig(account);
  const { invite, kinds } = await talking();
  expect(stack.receive(farRequest(invite.request, 'BYE', { tag: 'guess' }))).toMatchObject({ status: 481 });
  expect(kinds()).toEqual(['answered']);
});
