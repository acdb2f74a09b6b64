import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trunkRows } from '../../admin/trunk-type.ts';
import { silentLog } from '../../observe/log.ts';
import { systemRandom } from '../../values/random.ts';
import { loadKeys } from '../../vault/key-file.ts';
import { openVault } from '../../vault/open-vault.ts';
import { parseTrunkConfig } from '../../voice/calls/sip/trunk-config.ts';
import { scriptedShell } from '../scripted-shell.ts';
import { type ServedOnce, servedOnce } from '../served-once.ts';
import { trunkFields } from './fields.ts';

const PASSWORD = 's3cret-1';
let served: ServedOnce;
const { run, clock } = scriptedShell({
  input: async () => `${PASSWORD}\n`,
  env: { TRUNK_PASSWORD: PASSWORD },
  openStore: (options) => served.openStore(options),
});
const passbell = (...argv: string[]) => run(...argv, '--data', served.data);
const json = async (...argv: string[]) => JSON.parse((await passbell(...argv, '--json')).out);
const HOST = ['--host', 'sip.example.com'];
const ACCOUNT = ['--username', 'himal', '--password-env', 'TRUNK_PASSWORD'];

/** The configuration as a server would read it, with the password. */
async function stored(name: string) {
  const random = systemRandom();
  const path = join(served.data, 'keys.json');
  const keys = await loadKeys({ env: undefined, path, create: false }, random, silentLog);
  const row = await served.store.trunks.get(name);
  return row && trunkRows.config(openVault(keys, random), row);
}

beforeAll(async () => {
  served = await servedOnce(clock);
});
afterAll(() => served.close());

describe('trunk add', () => {
  it('seals the configuration, and never prints the password', async () => {
    const before = await served.store.revision();
    const argv = ['--username', 'himal', '--password-stdin', '--transport', 'tcp', '--register', '--max-calls', '50'];
    const lists = ['--codecs', 'pcmu,pcma', '--caller-ids', '+97714123456, +97714123457'];
    const backups = ['--backups', 'b.example.com:5062,[2001:db8::7]:5070,192.0.2.7'];
    const { code, out } = await passbell(
      'trunk',
      'add',
      'himal',
      ...HOST,
      ...argv,
      ...lists,
      ...backups,
      '--priority',
      '1',
    );
    expect(code).toBe(0);
    expect(out).toContain('Trunk himal is set up. `passbell trunk check himal` tries it.');
    expect(out).toMatch(/^backups +b\.example\.com:5062, \[2001:db8::7\]:5070, 192\.0\.2\.7$/m);
    expect(out).not.toContain(PASSWORD);
    expect(await stored('himal')).toEqual({
      ...{ host: 'sip.example.com', transport: 'tcp', username: 'himal', password: PASSWORD, register: true },
      ...{ max_calls: 50, codecs: ['pcmu', 'pcma'], caller_ids: ['+97714123456', '+97714123457'] },
      backups: [{ host: 'b.example.com', port: 5062 }, { host: '2001:db8::7', port: 5070 }, { host: '192.0.2.7' }],
    });
    expect(await served.store.trunks.get('himal')).toMatchObject({ kind: 'sip', priority: 1, enabled: true });
    expect(await served.store.revision()).toBeGreaterThan(before);
  });

  it('needs no password where the trunk knows this machine by its address', async () => {
    expect((await passbell('trunk', 'add', 'known', ...HOST, '--port', '5070')).code).toBe(0);
    expect(await stored('known')).toEqual({ host: 'sip.example.com', port: 5070 });
  });

  it.each([
    [['x', ...HOST, '--username', 'me'], 2, /^passbell: --password: must stand beside the username/],
    [['x', ...HOST, '--password', 'a'], 2, /^passbell: --username: must stand beside a password/],
    [['Not a name', ...HOST], 2, /^passbell: name: write up to 32 small letters/],
    [['himal', ...HOST], 1, /There is a trunk 'himal' already. Change it with `passbell trunk set`/],
    [['x', ...HOST, '--backups', 'sip:b'], 2, /^passbell: --backups: 'sip:b' is not a host/],
    [['x', ...HOST, '--backups', 'a,b:0'], 2, /^passbell: --backups: number 2, port: must be a whole number from 1/],
    [['x', ...HOST, '--transport', 'tls', '--tls-ca', '/none.pem'], 2, /--tls-ca: '\/none\.pem' cannot be read/],
    [['x', ...HOST, '--max-calls', 'many'], 2, /^passbell: --max-calls: 'many' is not a whole number/],
  ])('refuses %j', async (argv, code, err) => {
    expect(await passbell('trunk', 'add', ...argv)).toEqual({ code, out: '', err: expect.stringMatching(err) });
    expect(await served.store.trunks.get('x')).toBeNull();
  });

  it('tells every fault of the values at once, by option', async () => {
    const wrong = [
      '--host',
      'sip:x',
      '--transport',
      'sctp',
      '--codecs',
      'opus',
      '--caller-ids',
      '98510',
      '--priority',
      '-1',
    ];
    const secret = ['--username', 'me', '--password', 'much too long'.repeat(20)];
    const { code, err } = await passbell('trunk', 'add', 'x', ...wrong, ...secret, '--give-up-ms', '1', '--json');
    expect(code).toBe(2);
    const { faults } = JSON.parse(err).error;
    expect(faults.map(({ field }: { field: string }) => field).toSorted()).toEqual([
      ...['--caller-ids', '--codecs', '--give-up-ms', '--host', '--password', '--priority', '--transport'],
    ]);
    expect(err).not.toContain('much too long');
  });
});

it('every option is a setting', () => {
  const parsed = parseTrunkConfig(Object.fromEntries(trunkFields.map(({ name }) => [name, null])));
  expect('faults' in parsed && parsed.faults.map(({ field }) => field)).toEqual(['host']);
});

describe('trunk list and show', () => {
  it('are in the order of trial, without the password', async () => {
    const { out } = await passbell('trunk', 'list');
    expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
      ['NAME', 'KIND', 'ADDRESS', 'STATE'],
      ['himal', 'sip', 'sip.example.com over tcp', 'enabled'],
      ['known', 'sip', 'sip.example.com:5070 over udp', 'enabled'],
      [''],
    ]);
    for (const argv of [['list'], ['show', 'himal'], ['list', '--json'], ['show', 'himal', '--json']]) {
      expect((await passbell('trunk', ...argv)).out).not.toContain(PASSWORD);
    }
    expect(await json('trunk', 'show', 'himal')).toMatchObject({ password: '[set]', max_calls: 50, register: true });
  });

  it('guess at a mistyped name', async () => {
    expect((await passbell('trunk', 'show', 'hiaml')).err).toBe(
      "passbell: There is no trunk 'hiaml'. Did you mean himal?\n",
    );
    expect((await passbell('trunk', 'show', 'zzz')).err).toContain('`passbell trunk list` shows what there is.');
  });
});

describe('trunk set', () => {
  it('changes what is named, keeps the password and the rest', async () => {
    const row = await served.store.trunks.get('himal');
    const argv = ['--max-calls', '20', '--no-register', '--unset', 'codecs,caller-ids,--backups', '--disable'];
    expect((await passbell('trunk', 'set', 'himal', ...argv)).code).toBe(0);
    expect(await stored('himal')).toEqual({
      ...{ host: 'sip.example.com', transport: 'tcp', username: 'himal', password: PASSWORD },
      ...{ register: false, max_calls: 20 },
    });
    const changed = await served.store.trunks.get('himal');
    expect(changed).toMatchObject({ enabled: false, priority: 1 });
    expect(changed?.updatedAt).toBeGreaterThan(row?.updatedAt ?? 0);
    await passbell('trunk', 'set', 'himal', '--enable', '--priority', '7', '--password', 'other');
    expect(await stored('himal')).toMatchObject({ password: 'other', max_calls: 20 });
    expect(await served.store.trunks.get('himal')).toMatchObject({ enabled: true, priority: 7 });
  });

  it('lets the password go with its user', async () => {
    await passbell('trunk', 'add', 'user', ...HOST, ...ACCOUNT);
    expect(await stored('user')).toMatchObject({ username: 'himal', password: PASSWORD });
    expect((await passbell('trunk', 'set', 'user', '--unset', 'username')).code).toBe(0);
    expect(await stored('user')).toEqual({ host: 'sip.example.com' });
  });

  it('takes a certificate from a file, and shows that it has one', async () => {
    const path = join(served.data, 'not-a.pem');
    await writeFile(path, 'no certificate');
    expect((await passbell('trunk', 'set', 'known', '--transport', 'tls', '--tls-ca', path)).err).toMatch(
      /^passbell: --tls-ca: must be one or more certificates in PEM/,
    );
    await writeFile(path, rootCertificates[0] ?? '');
    const { code, out } = await passbell('trunk', 'set', 'known', '--transport', 'tls', '--tls-ca', path);
    expect(code).toBe(0);
    expect(out).toMatch(/^tls_ca +own authority$/m);
    expect((await passbell('trunk', 'set', 'known', '--unset', 'tls')).err).toContain(
      "'tls' is not a setting of a trunk",
    );
  });
});

describe('trunk remove', () => {
  it('forgets it', async () => {
    const removed = await passbell('trunk', 'remove', 'user');
    expect(removed).toEqual({ code: 0, out: 'Trunk user is removed.\n', err: '' });
    expect(await served.store.trunks.get('user')).toBeNull();
    expect((await passbell('trunk', 'remove', 'user')).code).toBe(1);
  });
});

describe('a trunk that was sealed with another key', () => {
  it('is listed, and says so when it is to be changed or checked', async () => {
    const row = await served.store.trunks.get('himal');
    if (row === null) throw new Error('it was added');
    await served.store.trunks.put({ ...row, name: 'foreign' });
    expect((await passbell('trunk', 'list')).out).toMatch(/foreign .*sealed with another key/);
    for (const argv of [
      ['set', 'foreign', '--max-calls', '2'],
      ['check', 'foreign'],
    ]) {
      expect(await passbell('trunk', ...argv)).toMatchObject({
        code: 1,
        err: expect.stringContaining('sealed with a key that is not in the key file'),
      });
    }
  });
});

describe('trunk check', () => {
  const open: Socket[] = [];
  afterAll(() => {
    for (const socket of open) socket.close();
  });

  /** A trunk that answers every request with `status`. */
  async function trunk(status: string): Promise<string> {
    const socket = createSocket('udp4');
    open.push(socket);
    await once(socket.bind(0, '127.0.0.1'), 'listening');
    socket.on('message', (octets, { address, port }) => {
      const kept = octets
        .toString()
        .split('\r\n')
        .filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line));
      socket.send([`SIP/2.0 ${status}`, ...kept, 'Content-Length: 0', '', ''].join('\r\n'), port, address);
    });
    return String(socket.address().port);
  }

  const check = (...argv: string[]) => passbell('trunk', 'check', ...argv, '--sip-address', '127.0.0.1');

  it('shows each step that held', async () => {
    await passbell('trunk', 'add', 'good', '--host', '127.0.0.1', '--port', await trunk('200 OK'));
    const { code, out, err } = await check('good');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').map((line) => line.split(/ +/).slice(0, 3).join(' '))).toEqual([
      ' STEP HOST',
      'ok resolve 127.0.0.1',
      'ok connect 127.0.0.1',
      'ok options 127.0.0.1',
      '',
    ]);
  });

  it('ends with 1 and the cure when one failed', async () => {
    const argv = ['--host', '127.0.0.1', '--port', await trunk('403 Forbidden'), '--register', ...ACCOUNT];
    await passbell('trunk', 'add', 'refuses', ...argv);
    const { code, out, err } = await check('refuses');
    expect(code).toBe(1);
    expect(out).toMatch(/^ok +options +127\.0\.0\.1 +403/m);
    expect(out).toMatch(/^FAILED +register +127\.0\.0\.1 +403 +200/m);
    expect(err).toMatch(/^passbell: Trunk refuses failed at register\. Set username, password/);
    const inJson = await check('refuses', '--json');
    expect(JSON.parse(inJson.out)).toMatchObject({ ok: false });
    expect(JSON.parse(inJson.err).error.code).toBe('check_failed');
    expect(out + err + inJson.out + inJson.err).not.toContain(PASSWORD);
  });

  it('tells of a port at which nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    await passbell('trunk', 'add', 'deaf', '--host', '127.0.0.1', '--port', String(port), '--transport', 'tcp');
    expect(await check('deaf')).toMatchObject({ code: 1, err: expect.stringContaining('Nothing listens there') });
  });
});
