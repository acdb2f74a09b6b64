import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NOTHING_ALLOWED } from './callbacks/allow-list.ts';
import { type Config, type Flags, readConfig } from './config.ts';
import { SETTINGS } from './config-settings.ts';

const dir = mkdtempSync(join(tmpdir(), 'passbell-config-'));

function file(text: string): string {
  const path = join(dir, `${Math.random()}.toml`);
  writeFileSync(path, text);
  return path;
}

function config(flags: Flags = {}, env: NodeJS.ProcessEnv = {}, path = file('')): Config {
  const read = readConfig(flags, env, path);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.config;
}

function faults(flags: Flags = {}, env: NodeJS.ProcessEnv = {}, path = file('')) {
  const read = readConfig(flags, env, path);
  return 'faults' in read ? read.faults : [];
}

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(config()).toEqual({
      listen: { host: '127.0.0.1', port: 8080 },
      publicUrl: null,
      trustedProxies: [],
      data: resolve('./data'),
      databaseUrl: null,
      keyFile: resolve('./data/keys.json'),
      logLevel: 'info',
      drainMs: 10_000,
      callbackAllow: NOTHING_ALLOWED,
      sipAddress: { v4: '0.0.0.0', v6: '::' },
      rtpPorts: { first: 16_384, last: 32_767 },
      piperModels: {},
    });
  });

  it('lets flags win over environment, and environment over file', () => {
    const path = file('listen = "127.0.0.1:1"\nlog_level = "warn"\ndrain_seconds = 3\n');
    const read = config(
      { listen: '127.0.0.1:3' },
      { PASSBELL_LISTEN: '127.0.0.1:2', PASSBELL_LOG_LEVEL: 'error' },
      path,
    );
    expect(read).toMatchObject({ listen: { port: 3 }, logLevel: 'error', drainMs: 3_000 });
  });

  it('reports every fault at once, where it stands and how to mend it', () => {
    const found = faults(
      { listen: 'nowhere' },
      { PASSBELL_DATABASE_URL: 'mysql://root:hunter2@db', PASSBELL_LISTNE: 'x' },
      file('log_level = "loud"\nlisen = "x"\n'),
    );
    expect(found.map((fault) => fault.where)).toEqual([
      expect.stringContaining('.toml'),
      '--listen',
      'PASSBELL_DATABASE_URL',
      'log_level in the configuration file',
      'PASSBELL_LISTNE',
    ]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
    expect(found[1]?.message).toContain('127.0.0.1:8080');
  });

  it('names the line of a broken file', () => {
    expect(faults({}, {}, file('listen = "a:1"\nthis is no toml\n'))[0]?.where).toMatch(/line 2$/);
  });

  it('refuses a file that was named and is not there', () => {
    expect(faults({}, {}, join(dir, 'absent.toml'))).toMatchObject([{ where: '--config' }]);
  });

  it.each([
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['[::1]:8080', { host: '::1', port: 8080 }],
    [':8080', { host: '0.0.0.0', port: 8080 }],
    ['localhost:65535', { host: 'localhost', port: 65535 }],
  ])('reads the address %s', (text, listen) => {
    expect(config({ listen: text }).listen).toEqual(listen);
  });

  it.each(['8080', 'host:65536', 'a b:1', '::1:8080', 'http://x:1', ''])('refuses the address %j', (text) => {
    expect(faults({ listen: text })).toHaveLength(1);
  });

  it('cuts the slash from a public URL, and refuses one that is more than a base', () => {
    expect(config({ public_url: 'https://otp.example/base/' }).publicUrl).toBe('https://otp.example/base');
    expect(faults({ public_url: 'https://otp.example/?x=1' })).toHaveLength(1);
  });

  it('reads the proxies it may believe, and no names', () => {
    const trustedProxies = config({ trusted_proxies: '10.0.0.0/8, ::1' }).trustedProxies;
    expect(trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    for (const text of ['proxy.local', '10.0.0.0/33', '10.0.0.1,', '::/129']) {
      expect(faults({ trusted_proxies: text }), text).toHaveLength(1);
    }
  });

  it('has a parser for every setting that refuses the empty text', () => {
    for (const setting of SETTINGS) expect(setting.parse('')).toHaveProperty('fault');
  });
});

describe('the settings of calls', () => {
  it('are read', () => {
    const read = config(
      {},
      {
        PASSBELL_SIP_ADDRESS: '127.0.0.1',
        PASSBELL_RTP_PORTS: '20000-20100',
        PASSBELL_PIPER_MODELS: 'np_rija=/models/a=b.onnx, np_binod=/models/c.onnx',
        PASSBELL_CALLBACK_ALLOW: '127.0.0.0/8',
      },
    );
    expect(read).toMatchObject({
      sipAddress: { v4: '127.0.0.1', v6: null },
      rtpPorts: { first: 20_000, last: 20_100 },
      piperModels: { np_rija: '/models/a=b.onnx', np_binod: '/models/c.onnx' },
    });
    expect(read.callbackAllow).not.toBe(NOTHING_ALLOWED);
    expect(config({ rtp_ports: 'any' }).rtpPorts).toBe('any');
  });

  it.each([
    ['PASSBELL_SIP_ADDRESS', 'example.com'],
    ['PASSBELL_SIP_ADDRESS', '10.0.0.1,10.0.0.2'],
    ['PASSBELL_RTP_PORTS', '80-90'],
    ['PASSBELL_RTP_PORTS', '20000-20001'],
    ['PASSBELL_RTP_PORTS', '20000'],
    ['PASSBELL_PIPER_MODELS', 'nobody=/models/a.onnx'],
    ['PASSBELL_PIPER_MODELS', 'np_rija'],
    ['PASSBELL_CALLBACK_ALLOW', 'http://a/b'],
  ])('refuse %s=%s', (name, value) => {
    expect(faults({}, { [name]: value })).toMatchObject([{ where: name }]);
  });
});
