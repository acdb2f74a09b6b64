import { readFileSync } from 'node:fs';
import { wholeNumber } from '../numbers.ts';
import type { Parsed } from '../parsed.ts';
import { type Readings, readings } from '../readings.ts';
import { readSecret } from '../secret-input.ts';
import type { Shell } from '../shell.ts';
import { FIELDS } from './fields.ts';

/** A carrier's configuration by the names of the admin API. */
export type CarrierConfig = Readonly<Record<string, unknown>>;

/** What the command was given, by Commander's names. */
export type CarrierOptions = Readonly<Record<string, unknown>>;

/**
 * `before` with what the options change, a password among it. Throws a `CommandError` with every option that cannot be read; whether
 * the values make sense is for `parseSmppConfig` to say.
 */
export async function carrierChange(
  shell: Shell,
  before: CarrierConfig,
  options: CarrierOptions,
): Promise<CarrierConfig> {
  const { read, fault, done } = readings();
  const config: Record<string, unknown> = { ...before };
  for (const { name, kind } of FIELDS) {
    const given = options[camel(name)];
    if (given === undefined) continue;
    config[name] = kind === 'number' ? read(optionOf(name), given as string, wholeNumber) : given;
  }
  config['priority'] = read('--priority', options['priority'] as string | undefined, wholeNumber) ?? before['priority'];
  config['tls'] = tlsChange(before['tls'], options, { read, fault, done });
  for (const name of unset(options, fault)) delete config[name];
  const password = passwordFrom(shell, options, fault);
  done();
  const typed = options['passwordStdin'] === true ? await readSecret(shell, 'password') : password;
  return { ...withoutAbsent(config), ...(typed !== undefined && { password: typed }) };
}

function tlsChange(before: unknown, options: CarrierOptions, { read }: Readings): unknown {
  if (options['tls'] === false) return false;
  const inner = {
    ca: read('--tls-ca', options['tlsCa'] as string | undefined, readPem),
    servername: options['tlsServername'],
    insecure: options['tlsInsecure'],
  };
  const given = withoutAbsent(inner);
  const was = typeof before === 'object' && before !== null ? before : {};
  if (Object.keys(given).length > 0) return { ...was, ...given };
  return options['tls'] === true && typeof before !== 'object' ? true : before;
}

function readPem(path: string): Parsed<string> {
  try {
    return { value: readFileSync(path, 'utf8') };
  } catch (error) {
    return { fault: `'${path}' cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
}

/** `--unset rate,sender`: back to their defaults. */
function unset(options: CarrierOptions, fault: Readings['fault']): readonly string[] {
  const names = ((options['unset'] as string | undefined) ?? '').split(',').filter((name) => name !== '');
  const fields = names.map((name) => name.trim().replace(/^--/, '').replaceAll('-', '_'));
  const [wrong] = fields.filter((name) => name !== 'tls' && !FIELDS.some((field) => field.name === name));
  if (wrong !== undefined) fault('--unset', `'${wrong}' is not a setting of a carrier`);
  return fields;
}

function passwordFrom({ env }: Shell, options: CarrierOptions, fault: Readings['fault']): string | undefined {
  const variable = options['passwordEnv'];
  if (typeof variable !== 'string') return options['password'] as string | undefined;
  const password = env[variable];
  if (password === undefined) fault('--password-env', `there is no variable '${variable}'`);
  return password;
}

function withoutAbsent(fields: Readonly<Record<string, unknown>>): CarrierConfig {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function optionOf(name: string): string {
  return `--${name.replaceAll('_', '-')}`;
}

function camel(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
