import type { Command } from 'commander';
import type { Flags } from '../config.ts';
import { envName, flagName, SETTINGS, type Setting } from '../config-settings.ts';

/** Gives `command` a flag for each of the settings (default: all), and `--config`. */
export function configFlags(command: Command, names?: readonly Setting['name'][]): Command {
  for (const setting of SETTINGS) {
    if (names?.includes(setting.name) === false) continue;
    const { placeholder, help, fallback } = setting;
    const preset = fallback === null ? '' : `; default ${fallback}`;
    command.option(`--${flagName(setting)} <${placeholder}>`, `${help} (${envName(setting)}${preset})`);
  }
  return command.option('--config <file>', 'configuration file (default passbell.toml, if there is one)');
}

/** The settings among a command's options, under the names that `readConfig` knows. */
export function flagsOf(options: object): Flags {
  const given = options as Readonly<Record<string, unknown>>;
  const flags: Partial<Record<Setting['name'], string>> = {};
  for (const { name } of SETTINGS) {
    // Commander's own spelling of an option's name.
    const value = given[name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
    if (typeof value === 'string') flags[name] = value;
  }
  return flags;
}
