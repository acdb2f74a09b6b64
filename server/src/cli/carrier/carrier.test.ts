import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carrierRows } from '../../admin/carrier-type.ts';
import { silentLog } from '../../observe/log.ts';
import { systemRandom } from '../../values/random.ts';
import { loadKeys } from '../../vault/key-file.ts';
import { openVault } from '../../vault/open-vault.ts';
import { scriptedShell } from '../scripted-shell.ts';
import { type ServedOnce, servedOnce } from '../served-once.ts';

const PASSWORD = 's3cret-1';
let served: ServedOnce;
const { run, clock } = scriptedShell({
  input: async () => `${PASSWORD}\n`,
  env: { SMSC_PASSWORD: PASSWORD },
  openStore: (options) => served.openStore(options),
});
const passbell = (...argv: string[]) => run(...argv, '--data', served.data);
const json = async (...argv: string[]) => JSON.parse((await passbell(...argv, '--json')).out);
const ADDRESS = ['--host', 'smsc.example.com', '--system-id', 'himal'];

/** The configuration as a server would read it, with the password. */
async function stored(name: string) {
  const random = systemRandom();
  const keys = await loadKeys(
    { env: undefined, path: join(served.data, 'keys.json'), create: false },
    random,
    silentLog,
  );
  const row = await served.store.carriers.get(name);
  return row && carrierRows.config(openVault(keys, random), row);
}

beforeAll(async () => {
  served = await servedOnce(clock);
});
afterAll(() => served.close());

describe('carrier add', () => {
  it('seals the configuration, and never prints the password', async () => {
    const before = await served.store.revision();
    const argv = [...ADDRESS, '--password-stdin', '--port', '2776', '--tls', '--rate', '50', '--no-receipts'];
    const { code, out } = await passbell('carrier', 'add', 'himal', ...argv, '--priority', '1');
    expect(code).toBe(0);
    expect(out).toContain('`passbell carrier check himal` tries it.');
    expect(out).not.toContain(PASSWORD);
    expect(await stored('himal')).toEqual({
      ...{ host: 'smsc.example.com', port: 2776, system_id: 'himal', password: PASSWORD },
      ...{ tls: true, rate: 50, receipts: false },
    });
    expect(await served.store.carriers.get('himal')).toMatchObject({ kind: 'smpp', priority: 1, enabled: true });
    expect(await served.store.revision()).toBeGreaterThan(before);
  });

  it('takes the password from a variable, or from the command line', async () => {
    await passbell('carrier', 'add', 'by-env', ...ADDRESS, '--password-env', 'SMSC_PASSWORD');
    await passbell('carrier', 'add', 'by-flag', ...ADDRESS, '--password', PASSWORD);
    expect(await stored('by-env')).toEqual(await stored('by-flag'));
    expect(await stored('by-env')).toMatchObject({ password: PASSWORD });
  });

  it.each([
    [['x', ...ADDRESS], 2, /^passbell: --password-stdin: a password is needed/],
    [['x', ...ADDRESS, '--password-env', 'NONE'], 2, /there is no variable 'NONE'/],
    [['Not a name', ...ADDRESS, '--password', ''], 2, /^passbell: name: write up to 32 small letters/],
    [['handset', ...ADDRESS, '--password', ''], 2, /not handset/],
    [['himal', ...ADDRESS, '--password', ''], 1, /There is a carrier 'himal' already/],
    [
      ['x', ...ADDRESS, '--password', '', '--tls-ca', '/none.pem'],
      2,
      /--tls-ca: '\/none\.pem' cannot be read \(ENOENT\)/,
    ],
    [['x', ...ADDRESS, '--password', 'a', '--password-stdin'], 2, /cannot be used with option '--password-stdin'/],
  ])('refuses %j', async (argv, code, err) => {
    expect(await passbell('carrier', 'add', ...argv)).toEqual({ code, out: '', err: expect.stringMatching(err) });
    expect(await served.store.carriers.get('x')).toBeNull();
  });

  it('tells every fault of the values at once, by option', async () => {
    const argv = [
      '--host',
      'smpp://x',
      '--password',
      'much too long'.repeat(9),
      '--binds',
      '99',
      '--long',
      'udhi',
      '--priority',
      '-1',
    ];
    const { code, err } = await passbell('carrier', 'add', 'x', ...argv, '--json');
    expect(code).toBe(2);
    const { faults } = JSON.parse(err).error;
    expect(faults.map(({ field }: { field: string }) => field).toSorted()).toEqual([
      '--binds',
      '--host',
      '--long',
      '--password',
      '--priority',
      '--system-id',
    ]);
    expect(err).not.toContain('much too long');
  });
});

describe('carrier list and show', () => {
  it('are in the order of trial, without the password', async () => {
    const { out } = await passbell('carrier', 'list');
    expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(0, 4))).toMatchObject([
      ['NAME', 'KIND', 'ADDRESS', 'STATE'],
      ['himal', 'smpp', 'smsc.example.com:2776', 'enabled'],
      ['by-env', 'smpp', 'smsc.example.com:2775', 'enabled'],
      ['by-flag', 'smpp', 'smsc.example.com:2775', 'enabled'],
      [''],
    ]);
    for (const argv of [['list'], ['show', 'himal'], ['list', '--json'], ['show', 'himal', '--json']]) {
      expect((await passbell('carrier', ...argv)).out).not.toContain(PASSWORD);
    }
    expect(await json('carrier', 'show', 'himal')).toMatchObject({ password: '[set]', rate: 50, tls: true });
  });

  it('guess at a mistyped name', async () => {
    expect((await passbell('carrier', 'show', 'hiaml')).err).toBe(
      "passbell: There is no carrier 'hiaml'. Did you mean himal?\n",
    );
  });
});

describe('carrier set', () => {
  it('changes what is named, keeps the password and the rest', async () => {
    const row = await served.store.carriers.get('himal');
    await passbell(
      'carrier',
      'set',
      'himal',
      '--binds',
      '2',
      '--unset',
      'rate,receipts',
      '--tls-servername',
      'smsc',
      '--disable',
    );
    expect(await stored('himal')).toEqual({
      ...{ host: 'smsc.example.com', port: 2776, system_id: 'himal', password: PASSWORD },
      ...{ binds: 2, tls: { servername: 'smsc' } },
    });
    const changed = await served.store.carriers.get('himal');
    expect(changed).toMatchObject({ enabled: false, priority: 1 });
    expect(changed?.updatedAt).toBeGreaterThan(row?.updatedAt ?? 0);
    await passbell('carrier', 'set', 'himal', '--enable', '--no-tls', '--priority', '7', '--password', 'other');
    expect(await stored('himal')).toMatchObject({ tls: false, password: 'other', binds: 2 });
    expect(await served.store.carriers.get('himal')).toMatchObject({ enabled: true, priority: 7 });
  });

  it('takes a certificate from a file, and shows that it has one', async () => {
    const path = join(served.data, 'not-a.pem');
    await writeFile(path, 'no certificate');
    expect((await passbell('carrier', 'set', 'himal', '--tls-ca', path)).err).toMatch(
      /^passbell: --tls-ca: must be one or more/,
    );
    expect((await passbell('carrier', 'set', 'himal', '--unset', 'colour')).err).toContain("'colour' is not a setting");
  });
});

describe('carrier remove', () => {
  it('forgets it', async () => {
    expect(await passbell('carrier', 'remove', 'by-env')).toEqual({
      code: 0,
      out: 'Carrier by-env is removed.\n',
      err: '',
    });
    expect(await served.store.carriers.get('by-env')).toBeNull();
    expect((await passbell('carrier', 'remove', 'by-env')).code).toBe(1);
  });
});

describe('a carrier that was sealed with another key', () => {
  it('is listed, and says so when it is to be changed', async () => {
    const row = await served.store.carriers.get('by-flag');
    if (row === null) throw new Error('it was added');
    await served.store.carriers.put({ ...row, name: 'foreign' });
    expect((await passbell('carrier', 'list')).out).toMatch(/foreign .*sealed with another key/);
    expect(await passbell('carrier', 'set', 'foreign', '--binds', '2')).toMatchObject({
      code: 1,
      err: expect.stringContaining('sealed with a key that is not in the key file'),
    });
  });

  it('cannot be read without the key file', async () => {
    const { code, err } = await passbell('carrier', 'list', '--key-file', join(served.data, 'none.json'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(err).error).toMatchObject({
      code: 'keys_unusable',
      message: expect.stringContaining('none.json'),
    });
  });
});

describe('carrier check', () => {
  const smscs: Server[] = [];
  afterAll(() => {
    for (const smsc of smscs) smsc.close();
  });

  /** An SMSC that answers every PDU with `status`, its header alone (SMPP 3.4 §3.2). */
  async function smsc(status: number): Promise<number> {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (pdu) => {
        const answer = Buffer.alloc(17);
        answer.writeUInt32BE(answer.length, 0);
        answer.writeUInt32BE((pdu.readUInt32BE(4) | 0x80000000) >>> 0, 4);
        answer.writeUInt32BE(status, 8);
        answer.writeUInt32BE(pdu.readUInt32BE(12), 12);
        socket.write(answer);
      });
    });
    smscs.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function carrierAt(name: string, port: number): Promise<void> {
    const address = ['--host', '127.0.0.1', '--port', String(port), '--system-id', 'a', '--password', PASSWORD];
    expect((await passbell('carrier', 'add', name, ...address)).code).toBe(0);
  }

  it('shows each step that held', async () => {
    await carrierAt('good', await smsc(0));
    const { code, out, err } = await passbell('carrier', 'check', 'good');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').map((line) => line.split(/ +/).slice(0, 2).join(' '))).toEqual([
      ' STEP',
      'ok resolve',
      'ok connect',
      'ok bind',
      'ok enquire_link',
      'ok unbind',
      '',
    ]);
  });

  it('ends with 1 and the cure when one failed', async () => {
    await carrierAt('refuses', await smsc(0x0e));
    const { code, out, err } = await passbell('carrier', 'check', 'refuses');
    expect(code).toBe(1);
    expect(out).toMatch(/^FAILED +bind +transceiver +ESME_RINVPASWD/m);
    expect(err).toMatch(/^passbell: Carrier refuses failed at bind\. Set password/);
    const inJson = await passbell('carrier', 'check', 'refuses', '--json');
    expect(JSON.parse(inJson.out)).toMatchObject({ ok: false });
    expect(JSON.parse(inJson.err).error.code).toBe('check_failed');
    expect(out + err + inJson.out + inJson.err).not.toContain(PASSWORD);
  });

  it('takes a number for a test message in international form only', async () => {
    expect((await passbell('carrier', 'check', 'good', '--to', '9851023212')).err).toBe(
      'passbell: --to: write the number with + and country code.\n',
    );
    expect((await passbell('carrier', 'check', 'good', '--to', '+99')).code).toBe(2);
  });
});
