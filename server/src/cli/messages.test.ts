import { describe, expect, it } from 'vitest';
import { scriptedService } from './scripted-service.ts';
import { scriptedShell } from './scripted-shell.ts';

const env = { PASSBELL_API_KEY: 'pb_test_x' };
const send = (id: number, status: string) => {
  return {
    ...{ id, phone_number: '9851023212', message: `code ${id}`, otp: '1', otp_options: 'generated' },
    ...{ sms_send_options: 'text', created_at: '2026-01-31T15:45:05.123456+05:45', status, credits_used: 1 },
  };
};
const list = (...data: object[]) => ({ body: { count: 9, results: { status: 200, success: true, errors: [], data } } });
const message = (id: string) => {
  const received_at = '2026-01-31T10:00:05.000Z';
  return { id, to: '+9779851023212', from: 'Himal', text: `text ${id}`, segments: 2, encoding: 'ucs2', received_at };
};

describe('messages', () => {
  it('lists sends with their states, in UTC', async () => {
    const { fetch, asked } = scriptedService(() => list(send(2, 'queued'), send(1, 'delivered')));
    const { run } = scriptedShell({ env, fetch });
    expect((await run('messages', '--to', '+9779851023212', '--limit', '2')).out).toBe(
      [
        'AT                    TO              STATE        CREDITS  MESSAGE',
        '2026-01-31T10:00:05Z  9851023212      queued             1  code 2',
        '2026-01-31T10:00:05Z  9851023212      delivered          1  code 1',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run('messages', '--json')).out)).toEqual({
      data: [send(2, 'queued'), send(1, 'delivered')],
    });
    expect(asked.map(({ line }) => line)).toEqual([
      'GET /api/v1/auths/list/send-otps/?number=%2B9779851023212&limit=2',
      'GET /api/v1/auths/list/send-otps/?limit=20',
    ]);
  });

  it('lists what the sandbox phone received', async () => {
    const { fetch } = scriptedService(() => ({ body: { data: [message('msg_1')] } }));
    const { run } = scriptedShell({ env, fetch });
    expect((await run('messages', '--handset')).out).toBe(
      [
        'AT                    TO              FROM         SEGMENTS  TEXT',
        '2026-01-31T10:00:05Z  +9779851023212  Himal               2  text msg_1',
        '',
      ].join('\n'),
    );
  });

  it('refuses a limit that no page has', async () => {
    const { run } = scriptedShell({ env });
    expect((await run('messages', '--limit', '101')).err).toBe(
      "passbell: --limit: '101' is not a whole number from 1 to 100.\n",
    );
  });
});

describe('messages --follow', () => {
  it('prints each send and each change of state, once, oldest first', async () => {
    const stop = new AbortController();
    const pages = [
      list(send(3, 'queued'), send(2, 'delivered')),
      list(send(3, 'submitted'), send(2, 'delivered'), send(1, 'failed')),
      list(send(5, 'queued'), send(4, 'queued'), send(3, 'delivered'), send(2, 'delivered')),
      list(send(5, 'queued'), send(4, 'queued'), send(3, 'delivered'), send(2, 'delivered')),
    ];
    const { fetch } = scriptedService(() => {
      const page = pages.shift();
      if (pages.length === 0) stop.abort();
      return page ?? list();
    });
    const { run } = scriptedShell({ env, fetch, signal: stop.signal });
    const { code, out } = await run('messages', '--follow', '--limit', '2', '--json');
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map(({ id, status }) => [id, status]),
    ).toEqual([
      [2, 'delivered'],
      [3, 'queued'],
      [3, 'submitted'],
      [3, 'delivered'],
      [4, 'queued'],
      [5, 'queued'],
    ]);
  });

  it('prints what the phone receives, in columns that stay', async () => {
    const stop = new AbortController();
    const { fetch, asked } = scriptedService((line, nth) => {
      if (!line.includes('/next')) return { body: { data: [message('msg_2'), message('msg_1')] } };
      if (line.includes('after=msg_2')) return nth === 1 ? { status: 204 } : { body: message('msg_3') };
      stop.abort();
      return { status: 204 };
    });
    const { run } = scriptedShell({ env, fetch, signal: stop.signal });
    const { code, out } = await run('messages', '--handset', '--follow');
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split('  ').at(-1))).toEqual([
      'TEXT',
      'text msg_1',
      'text msg_2',
      'text msg_3',
      '',
    ]);
    expect(
      new Set(
        out
          .trimEnd()
          .split('\n')
          .map((line) => line.search(/TEXT|text/)),
      ).size,
    ).toBe(1);
    expect(asked.at(-1)?.line).toBe('GET /v1/handset/messages/next?after=msg_3&wait=30');
  });

  it('ends with an error when the server goes away', async () => {
    const { fetch } = scriptedService((line) => {
      if (!line.includes('/next')) return { body: { data: [] } };
      throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    });
    const { run } = scriptedShell({ env, fetch });
    expect(await run('messages', '--handset', '--follow')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Nothing answers'),
    });
  });
});
