import { CommanderError } from 'commander';
import { type ErrorDetails, type Fault, PassbellError } from '../errors.ts';
import { KeysUnusable } from '../vault/keys.ts';
import { CommandError } from './command-error.ts';
import { faulty } from './readings.ts';

/** Any error as one that a person can act on. `path`: the command that failed, `passbell account set`. */
export function explain(error: unknown, path: string): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof CommanderError) return new CommandError('usage', usage(error, path));
  if (error instanceof PassbellError) return refusal(error);
  if (error instanceof KeysUnusable) return new CommandError('keys_unusable', error.message);
  const message = error instanceof Error ? error.message : String(error);
  return new CommandError('internal', `Something went wrong that should not: ${message}`);
}

/** Commander's sentence without its prefix, its guess in line, and where to read on. */
function usage({ message }: CommanderError, path: string): string {
  const readOn = `See \`${path} --help\`.`;
  const [first = '', guess] = message.replace(/^error: /, '').split('\n');
  const sentence = first.charAt(0).toUpperCase() + first.slice(1).replace(/\.$/, '');
  return `${sentence}${guess === undefined ? '.' : `. ${guess.replace(/^\((.*)\)$/, '$1')}`} ${readOn}`;
}

/** The part of the closed list that a command can meet when it acts on the store itself. */
function refusal(error: PassbellError): CommandError {
  const { code } = error;
  switch (code) {
    case 'invalid_request':
      return faulty((error.detail as ErrorDetails['invalid_request']).faults.map(asOption));
    case 'conflict': {
      const { field } = error.detail as ErrorDetails['conflict'];
      return new CommandError(code, `The ${field} is taken. Choose another one, or change what has it.`);
    }
    case 'not_found':
      return new CommandError(code, `There is no such ${(error.detail as ErrorDetails['not_found']).what}.`);
    case 'credits_exhausted': {
      const { pool, missing } = error.detail as ErrorDetails['credits_exhausted'];
      return new CommandError(code, `That takes back ${missing} more ${pool} credits than are available.`);
    }
    case 'unavailable':
      return new CommandError(code, 'The store does not answer. Look at its disk or its server, then try again.');
    case 'unauthorized':
    case 'forbidden':
    case 'destination_refused':
    case 'rate_limited':
    case 'verification_ended':
    case 'idempotency_mismatch':
    case 'idempotency_in_flight':
    case 'channel_unavailable':
    case 'internal':
      // Of requests: the command line makes none but over HTTP, where they come as answers.
      return new CommandError(code, `The service refused: ${code}.`);
  }
}

/** `tls.ca` is `--tls-ca` here, and `backups.1.port` stands in the second of `--backups`. The sentence goes on after a colon. */
function asOption({ field, message }: Fault): Fault {
  const sentence = (message.charAt(0).toLowerCase() + message.slice(1)).replace(/\.$/, '');
  const [, list, at, inner] = /^(\w+)\.(\d+)(?:\.(\w+))?$/.exec(field) ?? [];
  if (list === undefined) return { field: optionOf(field), message: sentence };
  const which = inner === undefined ? '' : `, ${inner}`;
  return { field: optionOf(list), message: `number ${Number(at) + 1}${which}: ${sentence}` };
}

function optionOf(field: string): string {
  return `--${field.replaceAll(/[_.]/g, '-')}`;
}
