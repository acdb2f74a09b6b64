import type { Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
import { type Running, start } from '../main.ts';
import { jsonLog } from '../observe/json-log.ts';
import { systemClock } from '../values/clock.ts';
import { systemRandom } from '../values/random.ts';
import { configFlags, flagsOf } from './config-flags.ts';
import { readyBlock, readyLine } from './ready.ts';

/** `passbell serve`: runs the service until SIGTERM or SIGINT. */
export function registerServe(program: Command): void {
  const command = program
    .command('serve', { isDefault: true })
    .description('run the service')
    .option('--json', 'print one JSON line when ready, and log lines only after it');
  configFlags(command).action(async (options: { json?: boolean; config?: string }) => {
    const read = readConfig(flagsOf(options), process.env, options.config);
    if ('faults' in read) {
      for (const { where, message } of read.faults) process.stderr.write(`passbell: ${where}: ${message}\n`);
      process.exitCode = 2;
      return;
    }
    await serve(read.config, options.json === true);
  });
}

async function serve(config: Config, json: boolean): Promise<void> {
  // Lines go to standard error: standard output holds what a person or a script asked for.
  const log = jsonLog(process.stderr, systemClock, config.logLevel);
  const began = performance.now();
  let running: Running;
  try {
    running = await start(config, { clock: systemClock, random: systemRandom(), log, env: process.env });
  } catch (error) {
    log.flush();
    process.stderr.write(`passbell: cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
    return;
  }
  const tookMs = Math.round(performance.now() - began);
  process.stdout.write(json ? readyLine(running) : readyBlock(running, config, tookMs));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info('stopping', { signal });
      running.stop().then(
        () => {
          log.info('stopped');
          log.flush();
          process.exit(0);
        },
        (error) => {
          log.error('stop_failed', {}, error);
          log.flush();
          process.exit(1);
        },
      );
    });
  }
}
