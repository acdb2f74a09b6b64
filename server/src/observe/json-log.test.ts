import { expect, it } from 'vitest';
import { ManualClock } from '../values/manual-clock.ts';
import { jsonLog } from './json-log.ts';

function capture(level: 'info' | 'warn' | 'error' | 'silent' = 'info') {
  const writes: string[] = [];
  const log = jsonLog({ write: (text) => writes.push(text) }, new ManualClock(), level);
  return {
    log,
    writes,
    lines: () =>
      writes
        .join('')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

it('writes the lines of one turn at once, in order', async () => {
  const { log, writes, lines } = capture();
  log.info('one', { count: 1 });
  log.warn('two');
  expect(writes).toHaveLength(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(writes).toHaveLength(1);
  expect(lines()).toEqual([
    { time: '2026-01-31T10:00:00.000Z', level: 'info', event: 'one', count: 1 },
    { time: '2026-01-31T10:00:00.000Z', level: 'warn', event: 'two' },
  ]);
});

it('leaves out what is below its level', () => {
  const { log, lines } = capture('error');
  log.warn('quiet');
  log.error('loud');
  log.flush();
  expect(lines()).toMatchObject([{ event: 'loud' }]);
});

it('tells where an error came from, and never what it said: the message may repeat a row', () => {
  const { log, writes, lines } = capture();
  log.error('broken', {}, new TypeError('Failing row contains (+9779851023212, 123456)'));
  log.flush();
  expect(lines()[0]).toMatchObject({ cause: 'TypeError', stack: expect.stringContaining('json-log.test') });
  expect(writes.join('')).not.toContain('123456');
});
