import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml, TomlError } from 'smol-toml';
import { type AllowList, NOTHING_ALLOWED } from './callbacks/allow-list.ts';
import { envName, flagName, SETTINGS, type Setting } from './config-settings.ts';
import type { LogLevel } from './observe/log.ts';
import type { Ports } from './voice/calls/rtp/port-range.ts';

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
  /** How long SIGTERM waits for messages that carriers have, and for calls that go on, ms. */
  readonly drainMs: number;
  /** Where callbacks may go besides public addresses. */
  readonly callbackAllow: AllowList;
  /** Addresses that SIP and RTP are bound to; null: that family is not used. */
  readonly sipAddress: { readonly v4: string | null; readonly v6: string | null };
  /** UDP ports for the sound of calls; `any`: whatever the system gives. */
  readonly rtpPorts: Ports | 'any';
  /** Paths of Piper models by the name of the voice that speaks with them. */
  readonly piperModels: Readonly<Record<string, string>>;
}

/** A fault of the configuration: where it stands, what is wrong, and the cure. */
export interface ConfigFault {
  readonly where: string;
  readonly message: string;
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
      callbackAllow: (values.get('callback_allow') as AllowList | undefined) ?? NOTHING_ALLOWED,
      sipAddress: values.get('sip_address') as Config['sipAddress'],
      rtpPorts: values.get('rtp_ports') as Config['rtpPorts'],
      piperModels: (values.get('piper_models') as Config['piperModels'] | undefined) ?? {},
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
const OTHER_ENV = new Set(['PASSBELL_KEYS', 'PASSBELL_API_KEY', 'PASSBELL_URL']);

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
