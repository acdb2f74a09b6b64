import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { argonPasswords } from '../../accounts/password.ts';
import { systemRandom } from '../../values/random.ts';
import { scriptedShell } from '../scripted-shell.ts';
import { type ServedOnce, servedOnce } from '../served-once.ts';

let served: ServedOnce;
const { run, clock } = scriptedShell({
  input: async () => 'correct horse battery\n',
  openStore: (options) => served.openStore(options),
});
const passbell = (...argv: string[]) => run(...argv, '--data', served.data);
const json = async (...argv: string[]) => JSON.parse((await passbell(...argv, '--json')).out);

beforeAll(async () => {
  served = await servedOnce(clock);
});
afterAll(() => served.close());

describe('without a store', () => {
  it('says what to do, and makes nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'passbell-none-'));
    const { code, out, err } = await run('account', 'list', '--data', join(folder, 'data'));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      `passbell: There is no store in ${folder}/data yet. Run \`passbell serve\` once first, or pass --data with the folder it runs on.\n`,
    );
    expect(existsSync(join(folder, 'data'))).toBe(false);
    await rm(folder, { recursive: true });
  });

  it('reports every fault of the configuration', async () => {
    const faulty = scriptedShell({ env: { PASSBELL_LISTEN: 'x', PASSBELL_DATABASE: 'y' } });
    const { code, err } = await faulty.run('account', 'list', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(err).error).toMatchObject({
      code: 'invalid_configuration',
      faults: [{ field: 'PASSBELL_LISTEN' }, { field: 'PASSBELL_DATABASE' }],
    });
  });
});

describe('beside a server', () => {
  it('changes the store that it serves from, and the server sees it', async () => {
    const own = scriptedShell();
    const before = await served.store.revision();
    expect(await own.run('account', 'set', '--senders', '5600', '--data', served.data)).toMatchObject({
      code: 0,
      err: '',
    });
    expect(await served.store.accounts.get(served.first.account.id)).toMatchObject({ settings: { senders: ['5600'] } });
    expect(await served.store.revision()).toBeGreaterThan(before);
    expect((await own.run('account', 'set', '--senders', 'none', '--data', served.data)).code).toBe(0);
  });
});

describe('account show', () => {
  it('needs no name while there is one account', async () => {
    const { out } = await passbell('account', 'show');
    expect(out).toContain('login                 owner@example.com\n');
    expect(out).toContain('number limit          3/10m,5/1h,10/1d\n');
    expect(await json('account', 'show', served.first.account.id)).toMatchObject({
      login: 'owner@example.com',
      balance: { sms: { available: 10_000 } },
    });
  });

  it('guesses at a mistyped login', async () => {
    const { code, err } = await passbell('account', 'show', 'woner@example.com');
    expect({ code, err }).toEqual({
      code: 1,
      err: "passbell: There is no account 'woner@example.com'. Did you mean owner@example.com?\n",
    });
  });
});

describe('account set', () => {
  it('changes what is named, and leaves the rest', async () => {
    const before = await served.store.revision();
    const changed = await json(
      ...['account', 'set', '--number-limit', '2/5m', '--account-limit', '1000/1d', '--countries', 'np,in'],
      ...['--sender', 'Himal Bank', '--senders', 'Himal Bank,5600', '--ttl', '10m', '--reveal', '0'],
      ...['--require-company-name', '--mode', 'live', '--disable'],
    );
    expect(changed).toMatchObject({
      mode: 'live',
      country: 'NP',
      disabled: true,
      settings: {
        number_limits: [{ count: 2, period_seconds: 300 }],
        account_limits: [{ count: 1000, period_seconds: 86_400 }],
        countries: ['NP', 'IN'],
        sender: 'Himal Bank',
        senders: ['Himal Bank', '5600'],
        ttl_seconds: 600,
        reveal_seconds: 0,
        require_company_name: true,
        default_voice: 'np_rija',
      },
    });
    expect(await served.store.revision()).toBeGreaterThan(before);

    const back = await json(
      'account',
      'set',
      '--enable',
      '--no-sender',
      '--countries',
      'own',
      '--number-limit',
      'none',
    );
    expect(back).toMatchObject({
      disabled: false,
      settings: { sender: null, countries: null, number_limits: [], ttl_seconds: 600, require_company_name: true },
    });
    expect(await json('account', 'show')).toEqual(back);
  });

  it('sets where callbacks go, within what the operator allows', async () => {
    const url = 'https://example.com/cb?token=1';
    expect((await json('account', 'set', '--callback-url', url)).settings.callback_url).toBe(url);
    expect((await passbell('account', 'show')).out).toContain(`callback url          ${url}\n`);
    const inside = ['account', 'set', '--callback-url', 'http://10.0.0.7:8080/cb'];
    expect(await passbell(...inside)).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('--callback-url: the host is not public') },
    });
    const env = { PASSBELL_CALLBACK_ALLOW: '10.0.0.0/8' };
    const allowed = scriptedShell({ env, openStore: (options) => served.openStore(options) });
    expect((await allowed.run(...inside, '--data', served.data)).code).toBe(0);
    expect((await json('account', 'set', '--no-callback-url')).settings.callback_url).toBeNull();
    expect((await passbell('account', 'show')).out).toContain('callback url          none\n');
  });

  it('tells every fault at once, and changes nothing', async () => {
    const before = await json('account', 'show');
    const argv = [
      'account',
      'set',
      '--ttl',
      '5',
      '--reveal',
      '31d',
      '--countries',
      'NP,Nepal',
      '--sender',
      'Himalayan Bank',
    ];
    const { code, err } = await passbell(...argv, '--country', 'xx', '--name', 'Renamed');
    expect(code).toBe(2);
    expect(err.split('\n').map((line) => line.trim().split('  ')[0])).toEqual([
      'passbell: 5 options cannot be used as they were given:',
      '--country',
      '--countries',
      '--sender',
      '--ttl',
      '--reveal',
      '',
    ]);
    expect(await json('account', 'show')).toEqual(before);
  });

  it('refuses to change nothing', async () => {
    expect(await passbell('account', 'set')).toMatchObject({
      code: 2,
      err: expect.stringContaining('nothing to change'),
    });
  });
});

describe('account create', () => {
  it('shows the secrets once, and the account works with them', async () => {
    const made = await json(
      'account',
      'create',
      '--login',
      ' Acme@Example.com ',
      '--sms-credits',
      '50',
      '--country',
      'in',
    );
    expect(made).toMatchObject({
      login: 'acme@example.com',
      keys: { test: expect.stringMatching(/^pb_test_/), live: expect.stringMatching(/^pb_live_/) },
      user: { email: 'acme@example.com' },
    });
    const user = await served.store.users.byEmail('acme@example.com');
    const passwords = argonPasswords(systemRandom());
    expect(await passwords.verify(made.user.password, user?.passwordHash ?? null)).toBe(true);
    const shown = await passbell('account', 'show', 'acme@example.com');
    expect(shown.out).toMatch(/timezone +UTC/);
    expect(shown.out).toMatch(/sms credits +50 available/);
    for (const secret of [made.keys.test, made.keys.live, made.product_tokens.test, made.user.password]) {
      expect(shown.out).not.toContain(secret);
    }
  });

  it('takes a password from standard input, and never shows it', async () => {
    const { code, out } = await passbell('account', 'create', '--login', 'b@example.com', '--password-stdin');
    expect(code).toBe(0);
    expect(out).not.toContain('correct horse');
    const user = await served.store.users.byEmail('b@example.com');
    const passwords = argonPasswords(systemRandom());
    expect(await passwords.verify('correct horse battery', user?.passwordHash ?? null)).toBe(true);
  });

  it('says what is wrong with such a password', async () => {
    const { openStore } = served;
    const short = scriptedShell({ openStore, input: async () => 'short\n' });
    const argv = ['account', 'create', '--login', 'd@example.com', '--password-stdin', '--data', served.data];
    expect((await short.run(...argv)).err).toBe('passbell: --password-stdin: must have 8 to 1024 characters.\n');
    const empty = scriptedShell({ openStore });
    expect((await empty.run(...argv)).err).toMatch(/^passbell: --password-stdin: nothing came on standard input/);
  });

  it('names the option that is at fault', async () => {
    expect(await passbell('account', 'create', '--login', 'acme@example.com')).toEqual({
      code: 1,
      out: '',
      err: 'passbell: The login is taken. Choose another one, or change what has it.\n',
    });
    const { err } = await passbell('account', 'create', '--login', 'acme', '--timezone', 'Mars', '--json');
    expect(JSON.parse(err).error.faults.map(({ field }: { field: string }) => field)).toEqual([
      '--login',
      '--timezone',
    ]);
    expect((await passbell('account', 'create', '--login', 'c@example.com', '--sms-credits', '1e3')).err).toBe(
      "passbell: --sms-credits: '1e3' is not a whole number.\n",
    );
  });
});

describe('several accounts', () => {
  it('are listed newest first, and must then be named', async () => {
    const { data } = await json('account', 'list');
    expect(data.map(({ login }: { login: string }) => login)).toEqual([
      'b@example.com',
      'acme@example.com',
      'owner@example.com',
    ]);
    const { out } = await passbell('account', 'list');
    expect(out.split('\n')[0]).toMatch(/^LOGIN +NAME +COUNTRY +MODE +CREATED +ID$/);
    expect(await passbell('account', 'show')).toMatchObject({
      code: 2,
      err: 'passbell: There are several accounts. Name one by its login or id; `passbell account list` shows them.\n',
    });
  });
});
