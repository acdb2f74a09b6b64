import { type Command, CommanderError } from 'commander';
import { CommandError, exitCodeOf } from './command-error.ts';
import { explain } from './explain.ts';
import { nearest } from './nearest.ts';
import { passbell } from './program.ts';
import type { Shell } from './shell.ts';

/**
 * Runs one command line (without `node` and the script) and tells what went wrong on standard error: in sentences, or with
 * `--json` as one document. Resolves to the exit code: 0 done, 1 failed, 2 wrong usage. `serve` resolves once it runs.
 */
export async function run(
  argv: readonly string[],
  shell: Shell,
  registerServe: (program: Command) => void,
): Promise<number> {
  const json = argv.includes('--json');
  const program = passbell(json ? { ...shell, err: () => {} } : shell, registerServe);
  try {
    refuseUnknown(program, argv[0]);
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    // `--help` and `--version` end this way; so does a group without a command, after its help went to standard error.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    const told = explain(error, pathOf(program, argv));
    shell.err(json ? document(told) : sentences(told));
    return exitCodeOf(told.code);
  }
}

/** A command's own check would come too late: what is not a command is taken for an argument of the default one. */
function refuseUnknown(program: Command, first: string | undefined): void {
  if (first === undefined || first.startsWith('-') || first === 'help') return;
  const names = program.commands.map((command) => command.name());
  if (names.includes(first)) return;
  const guess = nearest(first, names);
  const cure = guess === null ? '`passbell --help` shows what there is.' : `Did you mean \`passbell ${guess}\`?`;
  throw new CommandError('usage', `There is no command '${first}'. ${cure}`);
}

function pathOf(program: Command, argv: readonly string[]): string {
  const path = ['passbell'];
  let command: Command | undefined = program;
  for (const word of argv) {
    command = command.commands.find((sub) => sub.name() === word);
    if (command === undefined) break;
    path.push(word);
  }
  // What names no command is for the default one.
  return path.length === 1 ? 'passbell serve' : path.join(' ');
}

function sentences({ message, faults }: CommandError): string {
  const widest = Math.max(...faults.map(({ field }) => field.length));
  const lines = faults.length < 2 ? [] : faults.map(({ field, message }) => `  ${field.padEnd(widest)}  ${message}\n`);
  return `passbell: ${message}\n${lines.join('')}`;
}

function document({ code, message, faults }: CommandError): string {
  return `${JSON.stringify({ error: { code, message, faults } })}\n`;
}
