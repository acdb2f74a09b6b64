import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ErrorCode, type ErrorDetails, PassbellError } from '../../errors.ts';
import { type Api, openApi, SEND, SENT } from './rig.ts';

const OLD = '/api/system/send/otp/';
const text = { number: '9861489014', message: 'Hi, your otp is {otp}', sms_send_options: 'text' };
const own = { ...text, otp_options: 'personnel', otp: '564546' };
const call = { ...own, sms_send_options: 'voice', voice_input: 'np_rija' };

let api: Api;
let caller: Awaited<ReturnType<Api['caller']>>;
beforeAll(async () => {
  api = await openApi();
  caller = await api.caller();
});
afterAll(() => api.close());
beforeEach(() => {
  api.sends.length = 0;
  api.sendWith(async () => SENT);
});

describe('a text', () => {
  it('answers with the keys in the vendor’s order', async () => {
    const answer = await caller.post(SEND, { ...own, company_name: 'prixa' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.body).toBe(
      '{"status":200,"success":true,"message":"OTP Sent Successfully.","errors":[],"data":{"details":{"number":"9861489014",' +
        '"otp_options":"personnel","message":"Hi, your otp is 564546","otp":"564546","sms_send_options":"text","credits_used":1,' +
        '"remaining_sms_credits":62,"remaining_phone_credits":127,"company_name":"prixa"}}}',
    );
  });

  it('hands over what was asked for, in the caller’s account and mode', async () => {
    await caller.post(SEND, own);
    const [send] = api.sends;
    expect(send).toMatchObject({
      mode: 'test',
      dialect: 'tingting',
      channel: 'sms',
      number: { e164: '+9779861489014', country: 'NP' },
      numberAsSent: '9861489014',
      text: 'Hi, your otp is 564546',
      sender: null,
      ttlMs: 300_000,
      maxAttempts: 5,
      options: '{"otp_options":"personnel"}',
      numbered: true,
      replay: null,
      verification: null,
      via: null,
    });
    expect(send?.account.id).toBe(caller.account.id);
    expect(send?.code.reveal()).toBe('564546');
  });

  it('draws a code of six digits, or of as many as asked for', async () => {
    for (const [otp_length, digits] of [
      [undefined, 6],
      [4, 4],
      [10, 10],
      ['4', 4],
      ['10', 10],
    ] as const) {
      const { details } = (await caller.post(SEND, { ...text, otp_options: 'generated', otp_length })).json().data;
      expect(details.otp).toMatch(new RegExp(`^[0-9]{${digits}}$`));
      expect(details.message).toBe(`Hi, your otp is ${details.otp}`);
      expect(details.otp_options).toBe('generated');
      expect(api.sends.at(-1)?.code.reveal()).toBe(details.otp);
    }
  });

  it('ignores an otp beside "generated", and a length beside "personnel"', async () => {
    const drawn = await caller.post(SEND, { ...text, otp: ['x'], otp_options: 'generated' });
    expect(drawn.json().data.details.otp).toMatch(/^[0-9]{6}$/);
    const chosen = await caller.post(SEND, { ...own, otp_length: 'x' });
    expect(chosen.json().data.details.otp).toBe('564546');
  });

  it('puts the code wherever {otp} stands, once', async () => {
    const answer = await caller.post(SEND, { ...own, otp: '012345', message: '{otp}{otp} is {otp}, not {otp!} or $&' });
    expect(answer.json().data.details.message).toBe('012345012345 is 012345, not {otp!} or $&');
  });

  it('leaves what stands in the company’s name as it is', async () => {
    const company_name = '<script>{otp}</script> $& प्रिक्सा 🙂","otp_options":"generated';
    const answer = await caller.post(SEND, { ...own, company_name });
    expect(answer.json().data.details.company_name).toBe(company_name);
    expect(JSON.parse(api.sends[0]?.options ?? '')).toEqual({ otp_options: 'personnel', company_name });
    expect(api.sends[0]?.options).not.toContain('"otp_options":"generated"');
  });

  it.each(['9851023212', '9779851023212', '+977 985-1023212', '009779851023212', '+977-9851023212'])(
    'reads %s, and echoes it as it was sent',
    async (number) => {
      const answer = await caller.post(SEND, { ...own, number });
      expect(answer.json().data.details.number).toBe(number);
      expect(api.sends[0]?.number.e164).toBe('+9779851023212');
    },
  );

  it('works without the trailing slash', async () => {
    expect((await caller.post(SEND.slice(0, -1), own)).statusCode).toBe(200);
    expect((await caller.post(OLD.slice(0, -1), own)).statusCode).toBe(200);
  });
});

describe('a call', () => {
  it('answers with the spaced code and the voice', async () => {
    api.sendWith(async () => ({ ...SENT, credits: 2, spokenSeconds: 46 }));
    const answer = await caller.post(SEND, { ...call, company_name: 'prixa' });
    expect(answer.body).toBe(
      '{"status":200,"success":true,"message":"OTP Call Initiated Successfully.","errors":[],"data":{"details":{"number":"9861489014",' +
        '"otp_options":"personnel","message":"Hi, your otp is 5 6 4 5 4 6","otp":"564546","sms_send_options":"voice","credits_used":2,' +
        '"remaining_sms_credits":62,"remaining_phone_credits":127,"voice_input":"np_rija","length_factor":1.5,"company_name":"prixa"}}}',
    );
    expect(api.sends[0]).toMatchObject({
      channel: 'voice',
      options: expect.stringContaining('"voice_input":"np_rija"'),
    });
  });

  it('has a length factor of 1 at least', async () => {
    api.sendWith(async () => ({ ...SENT, spokenSeconds: 11.2 }));
    expect((await caller.post(SEND, call)).json().data.details.length_factor).toBe(1);
  });

  it.each([
    ['np_prashanna', 'np_prashanna'],
    ['np_prasanna', 'np_prashanna'],
    ['np_binod', 'np_binod'],
    ['np_shreegya', 'np_shreegya'],
    [1, 'np_rija'],
    [2, 'np_rija'],
    [5, 'np_shreegya'],
  ])('knows the voice %s', async (voice_input, name) => {
    expect((await caller.post(SEND, { ...call, voice_input })).json().data.details.voice_input).toBe(name);
  });

  it('needs a voice on v1; the old path has the account’s', async () => {
    const { voice_input: _, ...without } = call;
    const refused = await caller.post(SEND, without);
    expect(refused.statusCode).toBe(400);
    expect(refused.json().errors).toMatchObject([{ field: 'voice_input' }]);
    expect((await caller.post(OLD, without)).statusCode).toBe(200);
    expect(api.sends).toMatchObject([{ options: '{"otp_options":"personnel","voice_input":"np_rija"}' }]);
  });

  it('says so while no calls can be made', async () => {
    api.sendWith(async () => {
      throw new PassbellError('channel_unavailable', { channel: 'voice', reason: 'not_built' });
    });
    const answer = await caller.post(SEND, call);
    expect(answer.statusCode).toBe(503);
    expect(answer.json().message).toBe('Voice calls are not available on this service.');
  });
});

describe('the old path', () => {
  it('answers with five details, and the code spaced for a text too', async () => {
    const answer = await caller.post(OLD, { ...own, company_name: 'prixa' });
    expect(answer.body).toBe(
      '{"status":200,"success":true,"message":"OTP Sent Successfully.","errors":[],"data":{"details":{"number":"9861489014",' +
        '"otp_options":"personnel","message":"Hi, your otp is 5 6 4 5 4 6","otp":"564546","sms_send_options":"text"}}}',
    );
    expect(api.sends[0]?.text).toBe('Hi, your otp is 564546');
  });
});

describe('a company that must be named', () => {
  it('is required where the account says so', async () => {
    const strict = await api.caller({}, { requireCompanyName: true });
    for (const company_name of [undefined, '', ' ']) {
      const answer = await strict.post(SEND, { ...own, company_name });
      expect(answer.statusCode).toBe(400);
      expect(answer.json().errors).toMatchObject([{ field: 'company_name' }]);
    }
    expect((await strict.post(SEND, { ...own, company_name: 'prixa' })).statusCode).toBe(200);
    expect(api.sends).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it('names every fault at once, in the vendor’s envelope', async () => {
    const answer = await caller.post(SEND, { number: 9861489014, otp_options: 'own', company_name: 'x'.repeat(101) });
    expect(answer.statusCode).toBe(400);
    const body = answer.json();
    expect(body).toMatchObject({ status: 400, success: false, data: {} });
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual([
      'number',
      'otp_options',
      'message',
      'sms_send_options',
      'company_name',
    ]);
    expect(body.message).toBe(body.errors[0].message);
    expect(api.sends).toEqual([]);
  });

  it('explains the vendor’s own misspelling', async () => {
    const { sms_send_options: sms_send_option, ...rest } = own;
    const answer = await caller.post(SEND, { ...rest, sms_send_option });
    expect(answer.json().message).toContain('sms_send_options, with an s');
  });

  const refusals: { [C in ErrorCode]?: [ErrorDetails[C], number, RegExp, string?] } = {
    credits_exhausted: [{ pool: 'sms', missing: 3 }, 402, /SMS credits: 3 more are needed/],
    destination_refused: [{ reason: 'premium' }, 403, /premium-rate/],
    rate_limited: [{ limit: 'number', retryAfterMs: 41_001 }, 429, /Try again in 42 seconds/, '42'],
    channel_unavailable: [{ channel: 'sms', reason: 'no_carrier' }, 503, /No carrier is ready/],
    unavailable: [{ reason: 'store' }, 503, /Try again/, '1'],
  };
  it.each(Object.entries(refusals))('by %s', async (code, [detail, status, message, retryAfter]) => {
    api.sendWith(async () => {
      throw new PassbellError(code as ErrorCode, detail as never);
    });
    const answer = await caller.post(SEND, own);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toEqual({
      status,
      success: false,
      message: expect.stringMatching(message),
      errors: [],
      data: {},
    });
    expect(answer.headers['retry-after']).toBe(retryAfter);
  });

  const cause = new Error('SELECT secret');
  it.each([cause, new PassbellError('internal', {}, { cause })])(
    'of its own making tells nothing, and is logged: %s',
    async (fault) => {
      api.sendWith(async () => {
        throw fault;
      });
      const answer = await caller.post(SEND, own);
      expect(answer.statusCode).toBe(500);
      expect(answer.json()).toEqual({
        ...{ status: 500, success: false, message: 'Something went wrong on our side.', errors: [], data: {} },
      });
      const [logged] = api.errors.splice(0);
      expect(logged).toEqual({ event: 'tingting_request_failed', fields: { method: 'POST', route: SEND }, cause });
    },
  );
});
