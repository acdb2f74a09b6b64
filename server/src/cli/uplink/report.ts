import { type AnswerOptions, answer } from '../answer.ts';
import { CommandError } from '../command-error.ts';
import type { Shell } from '../shell.ts';
import { table } from '../table.ts';
import { titled } from './show.ts';

/** What a check found, whatever it checked. */
interface Report {
  readonly steps: readonly {
    readonly step: string;
    readonly ok: boolean;
    readonly found: string;
    readonly expected: string;
    readonly cure: string | null;
  }[];
}

/**
 * Shows what a check found. Throws a `CommandError` with the cure of the first step that failed.
 * @param about what a step is about, in a column under `title`
 */
export function answerReport<R extends Report>(
  shell: Shell,
  options: AnswerOptions,
  [noun, name]: readonly [noun: string, name: string],
  report: R,
  title: string,
  about: (step: R['steps'][number]) => string,
): void {
  const columns = ['', 'STEP', title, 'FOUND', 'EXPECTED'].map((title) => ({ title }));
  const rows = report.steps.map((one) => [one.ok ? 'ok' : 'FAILED', one.step, about(one), one.found, one.expected]);
  answer(shell, options, report, table(columns, rows));
  const failed = report.steps.find((step) => !step.ok);
  if (failed === undefined) return;
  const { step, cure } = failed;
  throw new CommandError('check_failed', `${titled(noun)} ${name} failed at ${step}. ${cure ?? 'Ask its operator.'}`);
}
