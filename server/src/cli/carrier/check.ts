import type { Command } from 'commander';
import { type CheckReport, type CheckStep, checkCarrier } from '../../sms/smpp/check.ts';
import { parseSmppConfig } from '../../sms/smpp/config.ts';
import { parsePhoneNumber } from '../../values/phone-number.ts';
import { answer } from '../answer.ts';
import { CommandError } from '../command-error.ts';
import type { Parsed } from '../parsed.ts';
import { faulty, readings } from '../readings.ts';
import type { Shell } from '../shell.ts';
import { table } from '../table.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { configOf, findCarrier } from './find.ts';

interface Options extends StoreOptions {
  readonly to?: string;
}

export function registerCarrierCheck(parent: Command, shell: Shell): void {
  const command = parent
    .command('check')
    .description('try a carrier step by step from this machine; ends with 1 when a step fails')
    .argument('<name>', 'of the carrier')
    .option('--to <number>', 'send a test message there: + and country code (default: send nothing)');
  storeFlags(command).action((name: string, options: Options) =>
    withStore(shell, options, async ({ store, vault }) => {
      const { read, done } = readings();
      const to = read('--to', options.to, international);
      done();
      const row = await findCarrier(store.carriers, name);
      const parsed = parseSmppConfig(configOf(await vault(), row));
      if ('faults' in parsed) throw faulty(parsed.faults);
      const report = await checkCarrier(parsed.config, { clock: shell.clock, ...(to !== undefined && { to }) });
      answer(shell, options, report, steps(report));
      const failed = report.steps.find((step) => !step.ok);
      if (failed !== undefined) throw new CommandError('check_failed', failure(name, failed));
    }),
  );
}

function international(text: string): Parsed<string> {
  if (!text.startsWith('+')) return { fault: 'write the number with + and country code' };
  const parsed = parsePhoneNumber(text, '001');
  return parsed.ok ? { value: parsed.number.e164 } : { fault: parsed.reason };
}

function steps({ steps }: CheckReport): string {
  const columns = ['', 'STEP', 'ROLE', 'FOUND', 'EXPECTED'].map((title) => ({ title }));
  const rows = steps.map(({ ok, step, role, found, expected }) => [
    ok ? 'ok' : 'FAILED',
    step,
    role ?? '',
    found,
    expected,
  ]);
  return table(columns, rows);
}

function failure(name: string, { step, cure }: CheckStep): string {
  return `Carrier ${name} failed at ${step}. ${cure ?? 'Ask the carrier.'}`;
}
