import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PassbellError } from '../../errors.ts';
import { endUserAddress } from '../../otp/end-user-address.ts';
import type { Checked } from '../../otp/verification.ts';
import { type Api, NUMBER, openApi, VALIDATE } from './rig.ts';

const ID = '01960000-0000-7000-8000-00000000000a';
const TOKEN = 'otp_0196000000007000800000000000000a';
const APPROVED: Checked = { kind: 'approved', id: ID, fresh: true };
const NOT_FOUND = { code: 198, message: 'OTP Request not found.' };

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
beforeAll(async () => {
  api = await openApi();
  caller = await api.caller();
});
afterAll(() => api.close());
beforeEach(() => {
  api.checks.length = 0;
  api.checksAre(APPROVED);
});

describe('the shapes that clients send', () => {
  test.each<[object, object]>([
    [
      { otp_request_token: TOKEN, code: '012345' },
      { id: ID, number: null },
    ],
    [
      { otp_request_token: TOKEN, phone_number: NUMBER, code: '012345' },
      { id: ID, number: { e164: NUMBER } },
    ],
    [
      { phone_number: '985-1023212', code: '012345' },
      { among: 'all', number: { e164: NUMBER } },
    ],
    [
      { phone_number: 9_851_023_212, code: '012345' },
      { among: 'all', number: { e164: NUMBER } },
    ],
    [
      { phone_number: NUMBER, otp_request_token: null, code: '012345' },
      { among: 'all', number: { e164: NUMBER } },
    ],
    [
      { phone_number: '', otp_request_token: ` ${TOKEN.toUpperCase()} `, code: '012345' },
      { id: ID, number: null },
    ],
    ...[false, '  ', '\t\n'].flatMap((nothing): [object, object][] => [
      [
        { phone_number: nothing, otp_request_token: TOKEN, code: '012345' },
        { id: ID, number: null },
      ],
      [
        { phone_number: NUMBER, otp_request_token: nothing, code: '012345' },
        { among: 'all', number: { e164: NUMBER } },
      ],
    ]),
  ])('%j', async (body, asked) => {
    const answer = await caller.validate(body);
    expect([answer.statusCode, answer.body]).toEqual([200, '{"code":0,"message":"success"}']);
    const [check] = api.checks;
    expect(check).toMatchObject({ ...asked, mode: 'test', dialect: 'octopush', ip: null, replay: null });
    expect(check?.account.id).toBe(caller.account.id);
    expect(check?.code.reveal()).toBe('012345');
  });

  test('by POST as well, and with a live key', async () => {
    const headers = { ...caller.headers, 'api-key': caller.account.keys.live };
    const payload = { otp_request_token: TOKEN, code: '012345' };
    expect((await api.app.inject({ method: 'POST', url: `${VALIDATE}/`, payload, headers })).statusCode).toBe(200);
    expect(api.checks).toMatchObject([{ mode: 'live' }]);
  });
});

describe('a code', () => {
  test.each<[unknown, string]>([
    ['TRQXSDYNJY', 'TRQXSDYNJY'],
    [' 012 345\n', '012345'],
    [123456, '123456'],
    [1e5, '100000'],
    [2 ** 53 - 1, '9007199254740991'],
    ['१२३४५६', '१२३४५६'],
    ['$&', '$&'],
    ['1'.repeat(4_096), '1'.repeat(65)],
  ])('%j is checked', async (code, checked) => {
    await caller.validate({ otp_request_token: TOKEN, code });
    expect(api.checks[0]?.code.reveal()).toBe(checked);
  });

  test.each([undefined, null, '', '  ', false, true, 0.5, 2 ** 53, 1e21, ['123456'], { $ne: null }])(
    '%j is none',
    async (code) => {
      const answer = await caller.validate({ otp_request_token: TOKEN, code });
      expect([answer.statusCode, answer.json()]).toEqual([400, { code: 195, message: 'The code field is mandatory.' }]);
      expect(api.checks).toEqual([]);
    },
  );
});

test.each([
  {},
  { code: '012345' },
  { code: '012345', phone_number: '', otp_request_token: null },
  { code: '012345', phone_number: false, otp_request_token: false },
  { code: '012345', phone_number: '  ' },
  { code: '012345', otp_request_token: ' \n' },
])('%j names nothing to be checked', async (body) => {
  const answer = await caller.validate(body);
  const message = 'At least phone number or request token is mandatory.';
  expect([answer.statusCode, answer.json()]).toEqual([400, { code: 194, message }]);
  expect(api.checks).toEqual([]);
});

test.each<[string, unknown]>([
  ...[
    'otp_1',
    'otp_',
    TOKEN.slice(0, -1),
    `${TOKEN}0`,
    TOKEN.slice(4),
    ID,
    `otp_${ID}`,
    '../x',
    7,
    {},
    [TOKEN],
    true,
  ].map((token): [string, unknown] => ['otp_request_token', token]),
  ...['x', '+', '9'.repeat(10_000), 1.5, true, [NUMBER], { $ne: null }].map((number): [string, unknown] => [
    'phone_number',
    number,
  ]),
])('%s %j is that of no request, whatever stands beside it', async (name, value) => {
  for (const beside of [{}, { otp_request_token: TOKEN }, { phone_number: NUMBER }]) {
    const answer = await caller.validate({ ...beside, [name]: value, code: '012345' });
    expect([answer.statusCode, answer.json()]).toEqual([400, NOT_FOUND]);
  }
  expect(api.checks).toEqual([]);
});

test.each<[unknown, string | null]>([
  ['192.0.2.7', '192.0.2.7'],
  [' 2001:db8::7 ', '2001:db8::7'],
  ['192.0.2.7:5555', '192.0.2.7'],
  ['192.0.2.7, 10.0.0.1', '192.0.2.7'],
  ['[2001:db8::7]:443', '2001:db8::7'],
  ['fe80::1%eth0', 'fe80::1'],
  [['192.0.2.7'], '192.0.2.7'],
  ['', null],
  [' ', null],
  [false, null],
  [null, null],
  [undefined, null],
])('recipient_ip %j goes along as %j', async (recipient_ip, ip) => {
  await caller.validate({ otp_request_token: TOKEN, code: '012345', recipient_ip });
  expect(api.checks).toMatchObject([{ ip }]);
});

test.each(['9.9.9', 'unknown', 151587081, true, {}, [], ['192.0.2.7', '192.0.2.8'], '2001:db8::7:port'])(
  'recipient_ip %j is an address that no code was sent for, and shares its failures with nobody',
  async (recipient_ip) => {
    for (let i = 0; i < 2; i++) await caller.validate({ otp_request_token: TOKEN, code: '012345', recipient_ip });
    const networks = api.checks.map(({ ip }) => ip && endUserAddress(ip)?.network);
    expect(networks).toEqual([expect.stringMatching(/^6:4000/), expect.stringMatching(/^6:4000/)]);
    expect(networks[0]).not.toBe(networks[1]);
  },
);

const final = (state: Extract<Checked, { kind: 'final' }>['state']): Checked => ({
  kind: 'final',
  id: ID,
  state,
  fresh: true,
});

test.each<[Checked, string]>([
  [
    { kind: 'wrong', id: ID, state: 'pending', remaining: 3, fresh: true },
    '{"code":199,"message":"Wrong OTP code.","remaining_number_of_attempts":3}',
  ],
  [
    { kind: 'wrong', id: ID, state: 'max_attempts_reached', remaining: 0, fresh: true },
    '{"code":199,"message":"Wrong OTP code.","remaining_number_of_attempts":0}',
  ],
  [final('max_attempts_reached'), '{"code":196,"message":"Maximum amount of wrong attempts has been reached."}'],
  [final('expired'), '{"code":197,"message":"OTP Request expired."}'],
  [final('approved'), JSON.stringify(NOT_FOUND)],
  [final('canceled'), JSON.stringify(NOT_FOUND)],
  [final('undeliverable'), JSON.stringify(NOT_FOUND)],
  [{ kind: 'not_found' }, JSON.stringify(NOT_FOUND)],
])('%j is told', async (checked, body) => {
  api.checksAre(checked);
  const answer = await caller.validate({ otp_request_token: TOKEN, code: '012345' });
  expect([answer.statusCode, answer.body]).toEqual([400, body]);
});

test('a number that is locked has had its attempts', async () => {
  api.checkWith(() => Promise.reject(new PassbellError('rate_limited', { limit: 'failures', retryAfterMs: 1 })));
  const answer = await caller.validate({ phone_number: NUMBER, code: '012345' });
  expect([answer.statusCode, answer.json().code]).toEqual([400, 196]);
});

test('a store that is down lets no code through', async () => {
  api.checkWith(() => Promise.reject(new PassbellError('unavailable', { reason: 'store' })));
  const answer = await caller.validate({ phone_number: NUMBER, code: '012345' });
  expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([503, 500, '1']);
});

test('a body is JSON, whatever it is called', async () => {
  const body = JSON.stringify({ otp_request_token: TOKEN, code: '012345' });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await caller.validate(body, form)).statusCode).toBe(200);
});

test.each(['[]', 'null', '"x"', '', '{'])('a body %s is refused', async (payload) => {
  const answer = await caller.validate(payload, { 'content-type': 'application/json' });
  expect([answer.statusCode, answer.json().code]).toEqual([400, 100]);
});
