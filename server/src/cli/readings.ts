import type { Fault } from '../errors.ts';
import { CommandError } from './command-error.ts';
import type { Parsed } from './parsed.ts';

/** Reads the texts of options and arguments, and keeps every fault, so that all of them are told at once. */
export interface Readings {
  /** What `text` reads as; undefined when it is absent or faulty. `name`: as it stands on the command line, `--ttl`. */
  read<T>(name: string, text: string | undefined, parse: (text: string) => Parsed<T>): T | undefined;
  fault(name: string, message: string): void;
  /** Throws all faults as one error, if there are any. */
  done(): void;
}

export function readings(): Readings {
  const faults: Fault[] = [];
  return {
    read(name, text, parse) {
      if (text === undefined) return undefined;
      const parsed = parse(text);
      if ('value' in parsed) return parsed.value;
      faults.push({ field: name, message: parsed.fault });
      return undefined;
    },
    fault: (field, message) => void faults.push({ field, message }),
    done() {
      if (faults.length > 0) throw faulty(faults);
    },
  };
}

/** Options or arguments that cannot be used as they were given. */
export function faulty(faults: readonly Fault[]): CommandError {
  const [first] = faults;
  if (faults.length === 1 && first)
    return new CommandError('usage', `${first.field}: ${first.message.replace(/\.$/, '')}.`, faults);
  return new CommandError('usage', `${faults.length} options cannot be used as they were given:`, faults);
}
