import { describe, expect, it } from 'vitest';
import { scriptedShell } from './scripted-shell.ts';

const { run } = scriptedShell();

describe('wrong usage', () => {
  it.each([
    [['acount', 'list'], "There is no command 'acount'. Did you mean `passbell account`?"],
    [['frobnicate'], "There is no command 'frobnicate'. `passbell --help` shows what there is."],
    [['account', 'lits'], "Unknown command 'lits'. Did you mean list? See `passbell account --help`."],
    [['--lsiten', ':80'], "Unknown option '--lsiten'. See `passbell serve --help`."],
    [
      ['account', 'list', '--jsno'],
      "Unknown option '--jsno'. Did you mean --json? See `passbell account list --help`.",
    ],
    [['account', 'create'], "Required option '--login <e-mail>' not specified. See `passbell account create --help`."],
    [
      ['key', 'create', '--mode', 'lvie'],
      "Option '--mode <mode>' argument 'lvie' is invalid. Allowed choices are test, live. See `passbell key create --help`.",
    ],
    [
      ['account', 'set', '--enable', '--disable'],
      "Option '--disable' cannot be used with option '--enable'. See `passbell account set --help`.",
    ],
    [
      ['credits', 'show', 'x'],
      "Too many arguments for 'show'. Expected 0 arguments but got 1: x. See `passbell credits show --help`.",
    ],
  ])('%j ends with 2 and the cure', async (argv, message) => {
    expect(await run(...argv)).toEqual({ code: 2, out: '', err: `passbell: ${message}\n` });
  });

  it('is one document with --json', async () => {
    const { code, out, err } = await run('account', 'lits', '--json');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(JSON.parse(err)).toEqual({
      error: { code: 'usage', message: expect.stringContaining('Did you mean list?'), faults: [] },
    });
  });

  it('of a group shows its commands, on standard error', async () => {
    const { code, out, err } = await run('key');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('revoke');
  });
});

describe('help', () => {
  it('is an answer', async () => {
    for (const argv of [['--help'], ['help'], ['account', 'set', '--help'], ['help', 'account']]) {
      const { code, out, err } = await run(...argv);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('Usage: passbell');
    }
  });

  it('names every command of the first level', async () => {
    const { out } = await run('--help');
    const first = ['serve', 'account', 'key', 'credits', 'carrier', 'trunk', 'audio', 'voices'];
    for (const command of [...first, 'send', 'messages', 'calls']) {
      expect(out).toMatch(new RegExp(`^  ${command}`, 'm'));
    }
  });
});
