import { expect, test } from 'vitest';
import { ManualClock } from '../../../values/manual-clock.ts';
import { seededRandom } from '../../../values/seeded-random.ts';
import { checkTrunk, type TrunkReport } from './check.ts';
import { ScriptedStack } from './scripted-stack.ts';
import { trunkConfig } from './trunk-config-example.ts';

const account = { username: 'acme', password: 'hush', register: true };
const challenge = [['WWW-Authenticate', 'Digest realm="trunk", nonce="n1", algorithm=MD5, qop="auth"']] as const;

function rig(json: object = {}) {
  const clock = new ManualClock();
  const stack = new ScriptedStack();
  const resolver = {
    srv: async () => [],
    addresses: async (host: string) => (host === 'sip.example' ? ['192.0.2.1'] : []),
  };
  const config = trunkConfig({ host: 'sip.example', ...json });
  return { clock, stack, check: () => checkTrunk(config, { stack, resolver, clock, random: seededRandom(1) }) };
}

const outcomes = ({ steps }: TrunkReport) =>
  steps.map(({ step, host, ok }) => `${host} ${step} ${ok ? 'ok' : 'failed'}`);

test('a trunk that is as it should be', async () => {
  const { stack, check } = rig();
  const report = check();
  const options = await stack.next('OPTIONS');
  expect(options.request.uri).toBe('sip:sip.example');
  options.answer(200);
  expect(await report).toEqual({
    ok: true,
    steps: [
      ...[
        {
          step: 'resolve',
          host: 'sip.example',
          ok: true,
          found: '192.0.2.1 port 5060',
          expected: 'an address',
          cure: null,
        },
      ],
      {
        ...{ step: 'connect', host: 'sip.example', ok: true, found: 'udp from 192.0.2.7 port 5060' },
        ...{ expected: 'a way to 192.0.2.1 port 5060 over udp', cure: null },
      },
      { step: 'options', host: 'sip.example', ok: true, found: '200', expected: 'an answer within 5 s', cure: null },
    ],
  });
});

test.each([403, 404, 405, 483, 500])('an OPTIONS that is refused with %d is answered', async (status) => {
  const { stack, check } = rig();
  const report = check();
  (await stack.next('OPTIONS')).answer(status);
  expect((await report).steps.at(-1)).toMatchObject({ step: 'options', ok: true, found: String(status) });
});

test('the password is tried without touching what is registered', async () => {
  const { stack, check } = rig(account);
  const report = check();
  (await stack.next('OPTIONS')).answer(200);
  (await stack.next('REGISTER')).answer(401, { headers: challenge });
  const again = await stack.next('REGISTER');
  expect(again.request.headers.get('Authorization')).toContain('username="acme"');
  expect(again.request.headers.get('CSeq')).toBe('3 REGISTER');
  for (const name of ['Contact', 'Expires']) expect(again.request.headers.get(name)).toBeUndefined();
  again.answer(200);
  expect(await report).toMatchObject({ ok: true });
});

test('a wrong password is told with a cure, and not repeated', async () => {
  const { stack, check } = rig(account);
  const report = check();
  (await stack.next('OPTIONS')).answer(200);
  (await stack.next('REGISTER')).answer(401, { headers: challenge });
  (await stack.next('REGISTER')).answer(401, { headers: challenge });
  expect((await report).steps.at(-1)).toMatchObject({
    ...{ step: 'register', ok: false, found: '401', expected: '200' },
    cure: 'Set username, password and, where it is another, auth_username to those that the trunk gave out for SIP.',
  });
  expect(JSON.stringify(await report)).not.toContain('hush');
});

test('nobody answers', async () => {
  const { stack, check, clock } = rig(account);
  const report = check();
  const options = await stack.next('OPTIONS');
  clock.advance(5_000);
  expect((await report).steps.at(-1)).toMatchObject({ step: 'options', ok: false, found: 'no answer' });
  expect(options.abandoned).toBe(true);
  expect(stack.methods).toEqual(['OPTIONS']);
});

test('a registrar that does not answer, and one that takes none', async () => {
  const silent = rig(account);
  const report = silent.check();
  (await silent.stack.next('OPTIONS')).answer(200);
  (await silent.stack.next('REGISTER')).lost('transport');
  expect((await report).steps.at(-1)).toMatchObject({ step: 'register', ok: false, found: 'no answer' });
  const none = rig(account);
  const other = none.check();
  (await none.stack.next('OPTIONS')).answer(200);
  (await none.stack.next('REGISTER')).answer(405);
  expect((await other).steps.at(-1)?.cure).toMatch(/set register to false/);
});

test('a name that does not resolve, and the backup that does', async () => {
  const { stack, check } = rig({ host: 'nowhere.example', backups: [{ host: 'sip.example' }] });
  const report = check();
  (await stack.next('OPTIONS')).answer(200);
  expect(outcomes(await report)).toEqual([
    'nowhere.example resolve failed',
    ...['sip.example resolve ok', 'sip.example connect ok', 'sip.example options ok'],
  ]);
  expect((await report).ok).toBe(false);
});

test.each([
  ['ECONNREFUSED', 'tcp', 'connect', /Nothing listens there/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'tls', /another name/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'tls', /tls_ca/],
  ['ECONNRESET', 'tls', 'tls', /does not speak TLS/],
  ['ECONNRESET', 'tcp', 'connect', /hangs up/],
  ['EWHATEVER', 'tcp', 'connect', /Look at host/],
])('no connection: %s over %s', async (code, transport, step, cure) => {
  const { stack, check } = rig({ transport, port: null });
  stack.local = () => Promise.reject(Object.assign(new Error('no'), { code }));
  const failed = (await check()).steps.at(-1);
  expect(failed).toMatchObject({ step, ok: false, found: code });
  expect(failed?.cure).toMatch(cure);
});

test('a connection that hangs', async () => {
  const { stack, check, clock } = rig({ transport: 'tcp' });
  stack.hanging.add('192.0.2.1');
  const report = check();
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  clock.advance(5_000);
  expect((await report).steps.at(-1)).toMatchObject({ step: 'connect', ok: false, found: 'nothing in time' });
});
