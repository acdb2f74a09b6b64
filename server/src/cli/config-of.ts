import { type Config, readConfig } from '../config.ts';
import { CommandError } from './command-error.ts';
import { flagsOf } from './config-flags.ts';

/** The configuration from a command's options, the environment and the file. Throws a `CommandError` with every fault at once. */
export function configOf(env: NodeJS.ProcessEnv, options: { readonly config?: string }): Config {
  const read = readConfig(flagsOf(options), env, options.config);
  if ('config' in read) return read.config;
  const faults = read.faults.map(({ where, message }) => ({ field: where, message }));
  const [first] = faults;
  const message = faults.length === 1 && first ? `${first.field}: ${first.message}.` : 'The configuration has faults:';
  throw new CommandError('invalid_configuration', message, faults);
}
