import { describe, expect, it } from 'vitest';
import { scriptedService } from './scripted-service.ts';
import { scriptedShell } from './scripted-shell.ts';

const SEND = 'POST /api/v1/auths/send/otp/';
const details = {
  number: '9851023212',
  otp_options: 'generated',
  message: 'Your code is 482913',
  otp: '482913',
  sms_send_options: 'text',
  credits_used: 1,
  remaining_sms_credits: 62,
  remaining_phone_credits: 127,
};
const sent = { body: { status: 200, success: true, message: 'OTP Sent Successfully.', errors: [], data: { details } } };
const message = (id: string, text: string) => {
  return {
    id,
    to: '+9779851023212',
    from: null,
    text,
    segments: 1,
    encoding: 'gsm7',
    received_at: '2026-01-31T10:00:00.000Z',
  };
};

function shellTo(
  answer: Parameters<typeof scriptedService>[0],
  env: NodeJS.ProcessEnv = { PASSBELL_API_KEY: 'pb_test_x' },
) {
  const service = scriptedService(answer);
  return { ...scriptedShell({ fetch: service.fetch, env }), asked: service.asked };
}

describe('send', () => {
  it('sends a code that the server draws', async () => {
    const { run, asked } = shellTo(() => sent);
    expect(await run('send', '--to', '9851023212')).toEqual({
      code: 0,
      out: 'Sent to 9851023212: Your code is 482913\n1 credit used, 62 SMS credits left.\n',
      err: '',
    });
    expect(asked).toEqual([
      {
        line: SEND,
        authorization: 'Bearer pb_test_x',
        body: {
          number: '9851023212',
          message: 'Your code is {otp}',
          sms_send_options: 'text',
          otp_options: 'generated',
        },
      },
    ]);
  });

  it('sends your own code, or a length, a company and a text', async () => {
    const { run, asked } = shellTo(() => sent);
    await run('send', '--to', '1', '--message', '{otp}!', '--code', '012345', '--company-name', 'Himal');
    await run('send', '--to', '1', '--length', '8', '--key', 'pb_live_y', '--url', 'https://otp.example.com/base/');
    expect(asked).toMatchObject([
      { body: { message: '{otp}!', otp_options: 'personnel', otp: '012345', company_name: 'Himal' } },
      {
        line: 'POST /base/api/v1/auths/send/otp/',
        authorization: 'Bearer pb_live_y',
        body: { otp_options: 'generated', otp_length: 8 },
      },
    ]);
  });

  it('shows the message that arrived, not others that came meanwhile', async () => {
    const { run, asked } = shellTo((line) => {
      if (line === SEND) return sent;
      if (line.includes('/messages?')) return { body: { data: [message('msg_1', 'Your code is 482913')] } };
      return { body: line.includes('after=msg_1') ? message('msg_2', 'another') : message('msg_3', details.message) };
    });
    const { code, out } = await run('send', '--to', '9851023212', '--wait', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ ...details, handset: message('msg_3', details.message) });
    expect(asked.map(({ line }) => line)).toEqual([
      'GET /v1/handset/messages?to=9851023212&limit=1',
      SEND,
      'GET /v1/handset/messages/next?to=9851023212&after=msg_1&wait=30',
      'GET /v1/handset/messages/next?to=9851023212&after=msg_2&wait=30',
    ]);
  });

  it('waits from the beginning of a phone that has no messages yet', async () => {
    const { run, asked } = shellTo((line) => {
      if (line === SEND) return sent;
      return line.includes('/next') ? { body: message('msg_1', details.message) } : { body: { data: [] } };
    });
    expect((await run('send', '--to', '9851023212', '--wait')).out).toContain('Text  Your code is 482913\n');
    expect(asked.at(-1)?.line).toContain('after=msg_00000000-0000-0000-0000-000000000000');
  });

  it('says when nothing arrived', async () => {
    const { run } = shellTo((line) => {
      if (line === SEND) return sent;
      return line.includes('/next') ? { status: 204 } : { body: { data: [] } };
    });
    expect(await run('send', '--to', '9851023212', '--wait')).toEqual({
      code: 1,
      out: '',
      err: 'passbell: It was sent, but did not reach the phone within 30 s. `passbell messages` shows what became of it.\n',
    });
  });
});

describe('what a server refuses', () => {
  it('is told by the names of the options', async () => {
    const errors = [
      { field: 'number', message: 'A phone number is required.' },
      { field: 'message', message: 'The message must contain {otp}.' },
    ];
    const { run } = shellTo(() => ({
      status: 400,
      body: { status: 400, success: false, message: errors[0]?.message, errors, data: {} },
    }));
    expect(await run('send', '--to', '', '--message', 'x')).toEqual({
      code: 2,
      out: '',
      err: [
        'passbell: 2 options cannot be used as they were given:',
        '  --to       A phone number is required.',
        '  --message  The message must contain {otp}.',
        '',
      ].join('\n'),
    });
  });

  it.each([
    [
      401,
      { detail: 'Unknown token.', message: 'Unknown token.' },
      'unauthorized',
      /Unknown token\. .*passbell key create/,
    ],
    [402, { message: 'Not enough SMS credits: 1 more is needed.' }, 'credits_exhausted', /passbell credits grant/],
    [429, { message: 'Too many codes. Try again in 9 seconds.' }, 'rate_limited', /in 9 seconds\.$/],
    [
      403,
      { type: 'about:blank', detail: 'This works with a test key only.', code: 'forbidden' },
      'forbidden',
      /test key only/,
    ],
    [503, { message: 'No carrier is ready.' }, 'unavailable', /No carrier/],
    [404, undefined, 'unreachable', /is not Passbell/],
    [502, undefined, 'internal', /answered 502/],
    [200, undefined, 'unreachable', /is not Passbell/],
  ])('%i ends with 1 and a sentence', async (status, body, code, told) => {
    const { run } = shellTo(() => ({ status, body }));
    const ran = await run('send', '--to', '1', '--json');
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 1, out: '' });
    expect(JSON.parse(ran.err).error).toEqual({ code, message: expect.stringMatching(told), faults: [] });
  });
});

describe('without a server', () => {
  it('says where it looked', async () => {
    const { run } = scriptedShell({ env: { PASSBELL_API_KEY: 'x', PASSBELL_URL: 'http://127.0.0.1:9' } });
    expect(await run('send', '--to', '1')).toMatchObject({
      code: 1,
      err: 'passbell: Nothing answers at http://127.0.0.1:9 (ECONNREFUSED). Start `passbell serve`, or pass --url.\n',
    });
  });

  it('needs a key and an address before it asks', async () => {
    const { run, asked } = shellTo(() => sent, {});
    expect((await run('send', '--to', '1')).err).toContain('--key: no key is given: set PASSBELL_API_KEY');
    expect((await run('send', '--to', '1', '--key', 'x', '--url', 'ftp://a')).err).toContain("--url: 'ftp://a' is not");
    expect((await run('send', '--to', '1', '--key', 'x', '--length', 'six')).err).toContain("--length: 'six' is not");
    expect((await run('send', '--to', '1', '--code', '1234', '--length', '4')).code).toBe(2);
    expect(asked).toEqual([]);
  });

  it('never prints the key', async () => {
    const { run } = shellTo(() => ({ status: 401, body: { message: 'Unknown token.' } }), {
      PASSBELL_API_KEY: 'pb_test_secret',
    });
    for (const argv of [[], ['--json'], ['--url', 'http://[']]) {
      const { out, err } = await run('send', '--to', '1', ...argv);
      expect(out + err).not.toContain('pb_test_secret');
    }
  });
});
