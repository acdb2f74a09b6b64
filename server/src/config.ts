import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { parse as parseToml, TomlError } from 'smol-toml';

/** How this process runs. What runs the business (accounts, carriers, limits) lives in the store. */
export interface Config {
  readonly listen: { readonly host: string; readonly port: number };
  /** Without a trailing slash; null: derived from where the server listens. */
  readonly publicUrl: string | null;
  /** Addresses or CIDRs of proxies in front of the service, whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Absolute path of the folder for the embedded store and the key file. */
  readonly data: string;
  /** `postgres://…`; null: the embedded store. */
  readonly databaseUrl: string | null;
  readonly keyFile: string;
  readonly logLevel: LogLevel;
  /** How long SIGTERM waits for messages that carriers have, ms. */
  readonly drainMs: number;
}

export type LogLevel = 'info' | 'warn' | 'error' | 'silent';

/** A fault of the configuration: where it stands, what is wrong, and the cure. */
export interface ConfigFault {
  readonly where: string;
  readonly message: string;
}

type Parsed = { readonly value: unknown } | { readonly fault: string };

/** One setting: the one place that names it in the file, the environment and the flags. */
export interface Setting {
  readonly name:
    | 'listen'
    | 'public_url'
    | 'trusted_proxies'
    | 'data'
    | 'database_url'
    | 'key_file'
    | 'log_level'
    | 'drain_seconds';
  readonly placeholder: string;
  readonly help: string;
  /** As it would be written by hand; null: absent. */
  readonly fallback: string | null;
  readonly parse: (text: string) => Parsed;
}

export const SETTINGS: readonly Setting[] = [
  {
    name: 'listen',
    placeholder: 'host:port',
    help: 'address to listen on',
    fallback: '127.0.0.1:8080',
    parse: parseListen,
  },
  {
    name: 'public_url',
    placeholder: 'url',
    help: 'how callers reach the service; what absolute URLs in answers begin with',
    fallback: null,
    parse: parsePublicUrl,
  },
  {
    name: 'trusted_proxies',
    placeholder: 'list',
    help: 'addresses or CIDRs of proxies in front, comma separated, whose X-Forwarded-For is believed',
    fallback: null,
    parse: parseProxies,
  },
  {
    name: 'data',
    placeholder: 'dir',
    help: 'folder for the embedded store and the keys',
    fallback: './data',
    parse: parsePath,
  },
  {
    name: 'database_url',
    placeholder: 'url',
    help: 'PostgreSQL to use in place of the embedded store',
    fallback: null,
    parse: parseDatabaseUrl,
  },
  {
    name: 'key_file',
    placeholder: 'file',
    help: 'the keys that codes and numbers are sealed with (default: keys.json in the data folder)',
    fallback: null,
    parse: parsePath,
  },
  {
    name: 'log_level',
    placeholder: 'level',
    help: 'info, warn, error or silent',
    fallback: 'info',
    parse: (text) =>
      ['info', 'warn', 'error', 'silent'].includes(text)
        ? { value: text }
        : { fault: `'${text}' is not a level: use info, warn, error or silent` },
  },
  {
    name: 'drain_seconds',
    placeholder: 'n',
    help: 'how long a stop waits for answers of carriers, 0 to 300',
    fallback: '10',
    parse: parseDrain,
  },
];

/** The environment's name of a setting. */
export function envName(setting: Setting): string {
  return `PASSBELL_${setting.name.toUpperCase()}`;
}

/** The flag's name of a setting, without the dashes before it. */
export function flagName(setting: Setting): string {
  return setting.name.replaceAll('_', '-');
}

/** What a flag was given, by setting name; absent flags are absent. */
export type Flags = Readonly<Partial<Record<Setting['name'], string>>>;

/**
 * Reads flags over environment over file. Every fault is reported, not the first alone.
 *
 * @param file path of `passbell.toml`; when it is not given, `./passbell.toml` is read if it is there
 */
export function readConfig(
  flags: Flags,
  env: NodeJS.ProcessEnv,
  file?: string,
): { readonly config: Config } | { readonly faults: readonly ConfigFault[] } {
  const faults: ConfigFault[] = [];
  const fromFile = readFile(file, faults);
  const values = new Map<Setting['name'], unknown>();
  for (const setting of SETTINGS) {
    const given = pick(setting, flags, env, fromFile);
    if (given === undefined) continue;
    const parsed = setting.parse(given.text);
    if ('fault' in parsed) faults.push({ where: given.where, message: parsed.fault });
    else values.set(setting.name, parsed.value);
  }
  faults.push(...unknownNames(env));
  if (faults.length > 0) return { faults };
  const data = values.get('data') as string;
  return {
    config: {
      listen: values.get('listen') as Config['listen'],
      publicUrl: (values.get('public_url') as string | undefined) ?? null,
      trustedProxies: (values.get('trusted_proxies') as readonly string[] | undefined) ?? [],
      data,
      databaseUrl: (values.get('database_url') as string | undefined) ?? null,
      keyFile: (values.get('key_file') as string | undefined) ?? join(data, 'keys.json'),
      logLevel: values.get('log_level') as LogLevel,
      drainMs: values.get('drain_seconds') as number,
    },
  };
}

function pick(setting: Setting, flags: Flags, env: NodeJS.ProcessEnv, file: ReadonlyMap<string, string>) {
  const flag = flags[setting.name];
  if (flag !== undefined) return { text: flag, where: `--${flagName(setting)}` };
  const variable = env[envName(setting)];
  if (variable !== undefined && variable !== '') return { text: variable, where: envName(setting) };
  const line = file.get(setting.name);
  if (line !== undefined) return { text: line, where: `${setting.name} in the configuration file` };
  return setting.fallback === null ? undefined : { text: setting.fallback, where: 'default' };
}

function readFile(file: string | undefined, faults: ConfigFault[]): ReadonlyMap<string, string> {
  const path = file ?? 'passbell.toml';
  const values = new Map<string, string>();
  if (!existsSync(path)) {
    if (file !== undefined) faults.push({ where: '--config', message: `there is no file ${path}` });
    return values;
  }
  try {
    for (const [name, value] of Object.entries(parseToml(readFileSync(path, 'utf8')))) {
      if (!SETTINGS.some((setting) => setting.name === name)) faults.push({ where: path, message: unknown(name) });
      else if (typeof value === 'string' || typeof value === 'number') values.set(name, String(value));
      else faults.push({ where: path, message: `${name} must be a text or a number` });
    }
  } catch (error) {
    const line = error instanceof TomlError ? `, line ${error.line}` : '';
    const why = error instanceof TomlError ? 'not valid TOML' : 'cannot be read';
    faults.push({ where: `${path}${line}`, message: why });
  }
  return values;
}

/** Environment names that other parts of the service read. */
const OTHER_ENV = new Set(['PASSBELL_KEYS', 'PASSBELL_API_KEY', 'PASSBELL_URL', 'PASSBELL_CALLBACK_ALLOW']);

/** A misspelt variable would otherwise be a setting that silently does nothing. */
function unknownNames(env: NodeJS.ProcessEnv): ConfigFault[] {
  const known = new Set([...SETTINGS.map(envName), ...OTHER_ENV]);
  return Object.keys(env)
    .filter((name) => name.startsWith('PASSBELL_') && !known.has(name))
    .map((name) => ({ where: name, message: unknown(name.slice('PASSBELL_'.length).toLowerCase()) }));
}

function unknown(name: string): string {
  const names = SETTINGS.map((setting) => setting.name).join(', ');
  return `there is no setting '${name}': the settings are ${names}`;
}

function parseListen(text: string): Parsed {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[A-Za-z0-9.-]*)):(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.['port']);
  if (!match?.groups || port > 65_535) {
    return { fault: `'${text}' is not an address: write host:port, as in 127.0.0.1:8080 or [::1]:8080` };
  }
  return { value: { host: match.groups['v6'] ?? (match.groups['host'] || '0.0.0.0'), port } };
}

function parsePublicUrl(text: string): Parsed {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || url.username) {
    return {
      fault: `'${text}' is not a base URL: write https://host, with a path if there is one, and nothing after it`,
    };
  }
  return { value: url.href.replace(/\/+$/, '') };
}

function parseProxies(text: string): Parsed {
  const proxies = text.split(',').map((one) => one.trim());
  const wrong = proxies.find((one) => !isProxy(one));
  if (wrong === undefined) return { value: proxies };
  return { fault: `'${wrong}' is neither an address nor a CIDR: write 10.0.0.1 or 10.0.0.0/8, separated by commas` };
}

function isProxy(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const width = isIP(address) === 4 ? 32 : 128;
  return (
    isIP(address) !== 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width))
  );
}

function parsePath(text: string): Parsed {
  return text.trim() === '' ? { fault: 'the path is empty' } : { value: resolve(text) };
}

function parseDatabaseUrl(text: string): Parsed {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // The text may hold a password: it is not repeated in the fault.
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    return { fault: 'not a PostgreSQL URL: write postgres://user:password@host:5432/database' };
  }
  return { value: text };
}

function parseDrain(text: string): Parsed {
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0 || seconds > 300) {
    return { fault: `'${text}' is not a number of seconds from 0 to 300` };
  }
  return { value: seconds * 1000 };
}
