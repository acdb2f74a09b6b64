import { parseAllowList } from './callbacks/allow-list.ts';
import {
  type Parsed,
  parseDatabaseUrl,
  parseDrain,
  parseListen,
  parseModels,
  parsePath,
  parsePorts,
  parseProxies,
  parsePublicUrl,
  parseSipAddress,
} from './config-values.ts';

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
    | 'drain_seconds'
    | 'callback_allow'
    | 'sip_address'
    | 'rtp_ports'
    | 'piper_models';
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
  {
    name: 'callback_allow',
    placeholder: 'list',
    help: 'hosts, addresses or CIDRs, comma separated, that callbacks may reach besides public addresses',
    fallback: null,
    parse: parseAllowList,
  },
  {
    name: 'sip_address',
    placeholder: 'list',
    help: 'addresses for calls over trunks, an IPv4 and an IPv6 one at the most, comma separated',
    fallback: '0.0.0.0,::',
    parse: parseSipAddress,
  },
  {
    name: 'rtp_ports',
    placeholder: 'first-last',
    help: 'UDP ports for the sound of calls, or any',
    fallback: '16384-32767',
    parse: parsePorts,
  },
  {
    name: 'piper_models',
    placeholder: 'list',
    help: 'voices spoken by Piper: voice=path of its model, comma separated',
    fallback: null,
    parse: parseModels,
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
