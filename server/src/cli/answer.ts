import type { Command } from 'commander';
import type { Shell } from './shell.ts';

/** What every command takes. */
export interface AnswerOptions {
  readonly json?: true;
}

export function jsonFlag(command: Command): Command {
  return command.option('--json', 'answer with one JSON document; errors too, on standard error');
}

/** Answers in the form that was asked for: with `--json` exactly one document, else text for people. */
export function answer(shell: Shell, { json }: AnswerOptions, document: object, text: string): void {
  shell.out(json ? `${JSON.stringify(document)}\n` : text);
}
