import type { Command } from 'commander';
import { voicesJson } from '../dialects/native/voices.ts';
import { VOICES } from '../voice/voices.ts';
import { type AnswerOptions, answer, jsonFlag } from './answer.ts';
import { CommandError } from './command-error.ts';
import type { Shell } from './shell.ts';
import { table } from './table.ts';

interface Options extends AnswerOptions {
  readonly language?: string;
}

export function registerVoices(program: Command, shell: Shell): void {
  const command = program
    .command('voices')
    .description('list the voices that calls can speak with')
    .option('--language <code>', 'of this language only, as in ne or en-GB');
  jsonFlag(command).action((options: Options) => {
    const wanted = (options.language ?? '').toLowerCase().replace('_', '-');
    const voices = VOICES.filter(({ locale }) =>
      `${locale.toLowerCase()}-`.startsWith(wanted === '' ? '' : `${wanted}-`),
    );
    if (voices.length === 0) {
      const known = [...new Set(VOICES.map(({ locale }) => locale))].join(', ');
      throw new CommandError('not_found', `No voice speaks '${options.language}'. There are: ${known}.`);
    }
    const words = ['NAME', 'LANGUAGE', 'GENDER'].map((title) => ({ title }));
    const columns = [...words, { title: 'NUMBER', align: 'right' } as const, { title: 'SHOWN AS' }];
    const rows = voices.map(({ name, locale, gender, number, displayName }) => {
      return [name, locale, gender, String(number), displayName];
    });
    answer(shell, options, { data: voicesJson(voices) }, table(columns, rows));
  });
}
