import { expect, it } from 'vitest';
import { scriptedService } from './scripted-service.ts';
import { scriptedShell } from './scripted-shell.ts';

const env = { PASSBELL_API_KEY: 'pb_test_x' };
const call = (id: number, over: object = {}) => ({
  ...{ id: `call_${id}`, to: '+9779851023212', from: '+9771234567', anonymous: false, state: 'delivered' },
  ...{ outcome: 'completed', reason: null, answered_at: '2026-01-31T10:00:05.000Z', duration_seconds: 17, replays: 1 },
  ...{ credits: 1, created_at: `2026-01-31T10:00:0${id}.000Z` },
  ...over,
});
const page = (...data: object[]) => ({ body: { data, next_cursor: null } });
const refused = {
  ...{ state: 'undelivered', outcome: 'rejected', reason: 'call_rejected' },
  duration_seconds: 0,
  credits: 0,
};

it('lists calls with what became of them', async () => {
  const waits = call(3, {
    to: null,
    from: null,
    state: 'queued',
    outcome: null,
    answered_at: null,
    duration_seconds: 0,
  });
  const { fetch, asked } = scriptedService(() => page(waits, call(2, refused), call(1)));
  const { run } = scriptedShell({ env, fetch });
  expect((await run('calls', '--limit', '3')).out).toBe(
    [
      'AT                    TO              FROM            OUTCOME    SECONDS  REPLAYS  CREDITS  WHY',
      '2026-01-31T10:00:03Z                                  queued           0        1        1',
      '2026-01-31T10:00:02Z  +9779851023212  +9771234567     rejected         0        1        0  call_rejected',
      '2026-01-31T10:00:01Z  +9779851023212  +9771234567     completed       17        1        1',
      '',
    ].join('\n'),
  );
  expect(JSON.parse((await run('calls', '--json')).out)).toEqual({ data: [waits, call(2, refused), call(1)] });
  expect(asked.map(({ line }) => line)).toEqual(['GET /v1/calls?limit=3', 'GET /v1/calls?limit=20']);
});

it('refuses a limit that no page has', async () => {
  expect((await scriptedShell({ env }).run('calls', '--limit', '0')).err).toBe(
    "passbell: --limit: '0' is not a whole number from 1 to 100.\n",
  );
});

it('follows each call from the queue to its end, once, oldest first', async () => {
  const stop = new AbortController();
  const going = { state: 'submitted', outcome: null };
  const pages = [
    page(call(2, { state: 'queued', outcome: null, answered_at: null }), call(1)),
    page(call(2, { ...going, answered_at: null }), call(1), call(0)),
    page(call(3, { state: 'queued', outcome: null, answered_at: null }), call(2, going), call(1)),
    page(call(3, refused), call(2), call(1)),
    page(call(3, refused), call(2), call(1)),
  ];
  const { fetch } = scriptedService(() => {
    const next = pages.shift();
    if (pages.length === 0) stop.abort();
    return next ?? page();
  });
  const { code, out } = await scriptedShell({ env, fetch, signal: stop.signal }).run('calls', '--follow');
  expect(code).toBe(0);
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(18, 19), line.slice(54).split(' ')[0]]),
  ).toEqual([
    [' ', 'OUTCOME'],
    ['1', 'completed'],
    ['2', 'queued'],
    ['2', 'submitted'],
    ['2', 'talking'],
    ['3', 'queued'],
    ['2', 'completed'],
    ['3', 'rejected'],
  ]);
});
