import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedShell } from '../scripted-shell.ts';
import { type ServedOnce, servedOnce } from '../served-once.ts';

let served: ServedOnce;
const { run, clock } = scriptedShell({ openStore: (options) => served.openStore(options) });
const passbell = (...argv: string[]) => run(...argv, '--data', served.data);
const json = async (...argv: string[]) => JSON.parse((await passbell(...argv, '--json')).out);

beforeAll(async () => {
  served = await servedOnce(clock);
});
afterAll(() => served.close());

describe('credits', () => {
  it('are granted, taken back, and shown', async () => {
    expect((await passbell('credits', 'grant', '250', '--note', 'Invoice 7')).out).toBe(
      'Granted 250 sms credits. owner@example.com has 10250 available.\n',
    );
    expect((await passbell('credits', 'grant', '-9000', '--pool', 'voice')).out).toBe(
      'Took back 9000 voice credits. owner@example.com has 1000 available.\n',
    );
    expect(await json('credits', 'show')).toMatchObject({
      sms: { available: 10_250, held: 0, captured: 0, granted: 10_250 },
      voice: { available: 1_000 },
    });
    expect((await passbell('credits', 'show')).out).toBe(
      [
        'POOL   AVAILABLE  HELD  SPENT  GRANTED',
        'sms        10250     0      0    10250',
        'voice       1000     0      0     1000',
        '',
      ].join('\n'),
    );
  });

  it('are not taken back beyond what is available', async () => {
    expect(await passbell('credits', 'grant', '-2000', '--pool', 'voice')).toEqual({
      code: 1,
      out: '',
      err: 'passbell: That takes back 1000 more voice credits than are available.\n',
    });
  });

  it.each(['0', '1.5', 'x', '1000000000001', ''])('refuse %j as an amount', async (amount) => {
    expect(await passbell('credits', 'grant', amount)).toMatchObject({
      code: 2,
      err: expect.stringContaining('amount: '),
    });
  });

  it('stand in the ledger, newest first', async () => {
    const { data } = await json('credits', 'list', '--limit', '2');
    expect(data).toMatchObject([
      { kind: 'grant', pool: 'voice', amount: -9000, note: null },
      { kind: 'grant', pool: 'sms', amount: 250, note: 'Invoice 7' },
    ]);
    const rest = await json('credits', 'list', '--after', data[1].subject);
    expect(rest.data).toMatchObject([{ note: 'Opening credits' }, { note: 'Opening credits' }]);
    expect((await passbell('credits', 'list', '--limit', '0')).code).toBe(2);
  });
});
