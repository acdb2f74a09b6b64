import { describe, expect, it } from 'vitest';
import { type Plan, plan } from './flags.ts';

function chosen(...args: string[]): Record<string, readonly string[]> {
  const { scenarios } = plan(args) as Plan;
  return Object.fromEntries(scenarios.map(({ name, services }) => [name, services]));
}

describe('plan', () => {
  it('runs everything without flags', () => {
    expect(Object.keys(chosen())).toEqual([
      'plain',
      'receipts',
      'receipts+callbacks',
      'far',
      'paced',
      'full',
      'start',
      'calls',
      'checks-wrong',
      'checks-right',
    ]);
    expect(chosen()['plain']).toEqual(['kannel', 'passbell-sqlite', 'passbell-postgres']);
  });

  it('takes one scenario with all its services, or one service through all its scenarios', () => {
    expect(chosen('--only', 'paced')).toEqual({ paced: ['kannel', 'passbell-sqlite', 'passbell-postgres'] });
    expect(Object.keys(chosen('--only', 'kannel'))).not.toContain('full');
    expect(chosen('--only', 'plain,kannel')).toEqual({ plain: ['kannel'] });
  });

  it('takes one length for all, or for each its own', () => {
    const lengths = (...args: string[]) => (plan(args) as Plan).scenarios.map(({ seconds }) => seconds);
    expect(lengths('--only', 'plain,calls')).toEqual([10, 25]);
    expect(lengths('--only', 'plain,calls', '--seconds', '3')).toEqual([3, 3]);
  });

  it('leaves the seeded store out', () => expect(Object.keys(chosen('--skip-seed'))).not.toContain('full'));

  it.each([
    [['--only', 'plane'], /knows no plane/],
    [['--seconds', '0'], /1 to 300/],
    [['--rounds', 'x'], /1 to 100/],
    [['--name', '../x'], /file name/],
    [['--only', 'full', '--skip-seed'], /Nothing is left/],
  ])('refuses %j', (args, message) => expect(() => plan(args)).toThrow(message));
});
