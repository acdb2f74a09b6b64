import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { jsonLog } from '../observe/json-log.ts';
import { systemClock } from '../values/clock.ts';
import { systemRandom } from '../values/random.ts';
import { KeysUnusable } from '../vault/keys.ts';
import { CommandError } from './command-error.ts';
import { configFlags } from './config-flags.ts';
import { configOf } from './config-of.ts';
import { readyBlock, readyLine } from './ready.ts';

/** `passbell serve`: runs the service until SIGTERM or SIGINT. */
export function registerServe(program: Command): void {
  const command = program
    .command('serve', { isDefault: true })
    .description('run the service')
    .option('--json', 'print one JSON line when ready');
  configFlags(command).action((options: { json?: boolean; config?: string }) =>
    serve(configOf(process.env, options), options.json === true),
  );
}

async function serve(config: Config, json: boolean): Promise<void> {
  // Loaded here: the other commands stand on little of it, and would wait for all of it.
  const { start } = await import('../main.ts');
  // Lines go to standard error: standard output holds what a person or a script asked for.
  const log = jsonLog(process.stderr, systemClock, config.logLevel);
  const began = performance.now();
  const running = await start(config, { clock: systemClock, random: systemRandom(), log, env: process.env }).catch(
    (error: unknown) => {
      log.flush();
      throw cannotStart(error);
    },
  );
  const tookMs = Math.round(performance.now() - began);
  process.stdout.write(json ? readyLine(running) : readyBlock(running, config, tookMs));

  async function stop(signal: string): Promise<void> {
    log.info('stopping', { signal });
    try {
      await running.stop();
      log.info('stopped');
    } catch (error) {
      log.error('stop_failed', {}, error);
      process.exitCode = 1;
    }
    log.flush();
    process.exit();
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
}

/** What keeps a service from starting lies outside it, and is said in plain sentences by those who met it. */
function cannotStart(error: unknown): Error {
  if (error instanceof CommandError || error instanceof KeysUnusable) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CommandError('cannot_start', `Cannot start: ${message}`);
}
