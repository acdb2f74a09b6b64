import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { UplinkKind } from '../../store/tables/uplinks.ts';
import { wholeNumber } from '../numbers.ts';
import type { Parsed } from '../parsed.ts';
import { commaList } from './comma-list.ts';
import { hostList } from './host-list.ts';
import type { Uplink } from './uplink.ts';

/** A field of an uplink's configuration, as the admin API and its parser name it, and its option here. */
export interface Field {
  readonly name: string;
  readonly placeholder: string;
  readonly help: string;
  readonly kind: keyof typeof READ | 'flag';
}

/** How an option's text becomes the field's value. Ranges and defaults stand where the configuration is read; its faults name them. */
export const READ = {
  text: (text: string): Parsed<unknown> => ({ value: text }),
  number: wholeNumber,
  /** Words with commas between them. */
  list: (text: string): Parsed<unknown> => ({ value: commaList(text) }),
  hosts: hostList,
  /** The contents of a file in PEM. */
  pem: readPem,
} as const;

/** Gives `command` an option for each field, then those of `composed`, and those that all uplinks have. */
export function uplinkFlags<Kind extends UplinkKind, C>(
  command: Command,
  { fields, composed }: Pick<Uplink<Kind, C>, 'fields' | 'composed'>,
): Command {
  for (const { name, kind, placeholder, help } of fields) {
    const flag = name.replaceAll('_', '-');
    if (kind === 'flag') command.option(`--${flag}`, help).option(`--no-${flag}`, 'do not');
    else command.option(`--${flag} <${placeholder}>`, help);
  }
  composed?.flags(command);
  return command
    .option('--priority <n>', 'lower is tried first, equal ones share (default: 100)')
    .option('--password-stdin', 'read the password from standard input')
    .addOption(new Option('--password-env <name>', 'take the password from this variable').conflicts('passwordStdin'))
    .addOption(
      new Option('--password <text>', 'the password: stays in the history of the shell').conflicts([
        'passwordStdin',
        'passwordEnv',
      ]),
    );
}

export function readPem(path: string): Parsed<string> {
  try {
    return { value: readFileSync(path, 'utf8') };
  } catch (error) {
    return { fault: `'${path}' cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
}
