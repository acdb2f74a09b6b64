import type { Command } from 'commander';
import { checkCarrier } from '../../sms/smpp/check.ts';
import { parseSmppConfig } from '../../sms/smpp/config.ts';
import { parsePhoneNumber } from '../../values/phone-number.ts';
import type { Parsed } from '../parsed.ts';
import { faulty, readings } from '../readings.ts';
import type { Shell } from '../shell.ts';
import { fieldsOf, findUplink } from '../uplink/find.ts';
import { answerReport } from '../uplink/report.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { carrier } from './carrier.ts';

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
      const row = await findUplink(carrier, store, name);
      const parsed = parseSmppConfig(fieldsOf(carrier, await vault(), row));
      if ('faults' in parsed) throw faulty(parsed.faults);
      const report = await checkCarrier(parsed.config, { clock: shell.clock, ...(to !== undefined && { to }) });
      answerReport(shell, options, ['carrier', name], report, 'ROLE', ({ role }) => role ?? '');
    }),
  );
}

function international(text: string): Parsed<string> {
  if (!text.startsWith('+')) return { fault: 'write the number with + and country code' };
  const parsed = parsePhoneNumber(text, '001');
  return parsed.ok ? { value: parsed.number.e164 } : { fault: parsed.reason };
}
