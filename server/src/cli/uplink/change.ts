import type { UplinkFields } from '../../admin/uplink-row.ts';
import type { UplinkKind } from '../../store/tables/uplinks.ts';
import { wholeNumber } from '../numbers.ts';
import { type Readings, readings } from '../readings.ts';
import { readSecret } from '../secret-input.ts';
import type { Shell } from '../shell.ts';
import { commaList } from './comma-list.ts';
import { READ } from './fields.ts';
import type { Uplink, UplinkOptions } from './uplink.ts';

/**
 * `before` with what the options change, a password among it. Throws a `CommandError` with every option that cannot be read; whether
 * the values make sense is for the parser of the configuration to say.
 */
export async function uplinkChange<Kind extends UplinkKind, C>(
  shell: Shell,
  uplink: Uplink<Kind, C>,
  before: UplinkFields,
  options: UplinkOptions,
): Promise<UplinkFields> {
  const reading = readings();
  const { read, fault, done } = reading;
  const { fields, composed } = uplink;
  const config: Record<string, unknown> = { ...before };
  for (const { name, kind } of fields) {
    const given = options[camel(name)];
    if (given === undefined) continue;
    config[name] = kind === 'flag' ? given : read(optionOf(name), given as string, READ[kind]);
  }
  config['priority'] = read('--priority', options['priority'] as string | undefined, wholeNumber) ?? before['priority'];
  if (composed !== null) config[composed.name] = composed.change(before[composed.name], options, reading);
  for (const name of unset(uplink, options, fault)) delete config[name];
  const password = passwordFrom(shell, options, fault);
  done();
  const typed = options['passwordStdin'] === true ? await readSecret(shell, 'password') : password;
  return { ...withoutAbsent(config), ...(typed !== undefined && { password: typed }) };
}

/** `--unset rate,sender`: back to their defaults. */
function unset<Kind extends UplinkKind, C>(
  { type: { noun }, fields, composed }: Uplink<Kind, C>,
  options: UplinkOptions,
  fault: Readings['fault'],
): readonly string[] {
  const names = commaList((options['unset'] as string | undefined) ?? '');
  const wanted = names.map((name) => name.replace(/^--/, '').replaceAll('-', '_'));
  const [wrong] = wanted.filter((name) => name !== composed?.name && !fields.some((field) => field.name === name));
  if (wrong !== undefined) fault('--unset', `'${wrong}' is not a setting of a ${noun}`);
  return wanted;
}

function passwordFrom({ env }: Shell, options: UplinkOptions, fault: Readings['fault']): string | undefined {
  const variable = options['passwordEnv'];
  if (typeof variable !== 'string') return options['password'] as string | undefined;
  const password = env[variable];
  if (password === undefined) fault('--password-env', `there is no variable '${variable}'`);
  return password;
}

export function withoutAbsent(fields: UplinkFields): UplinkFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function optionOf(name: string): string {
  return `--${name.replaceAll('_', '-')}`;
}

function camel(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
