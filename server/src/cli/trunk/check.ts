import type { Command } from 'commander';
import { silentLog } from '../../observe/log.ts';
import { parseTrunkConfig } from '../../voice/calls/sip/trunk-config.ts';
import { configOf } from '../config-of.ts';
import { faulty } from '../readings.ts';
import type { Shell } from '../shell.ts';
import { fieldsOf, findUplink } from '../uplink/find.ts';
import { answerReport } from '../uplink/report.ts';
import { type StoreOptions, storeFlags, withStore } from '../with-store.ts';
import { trunk } from './trunk.ts';

export function registerTrunkCheck(parent: Command, shell: Shell): void {
  const command = parent
    .command('check')
    .description('try a trunk step by step from this machine, calling nobody; ends with 1 when a step fails')
    .argument('<name>', 'of the trunk');
  storeFlags(command, ['sip_address']).action((name: string, options: StoreOptions) =>
    withStore(shell, options, async ({ store, vault }) => {
      const { clock, random, env } = shell;
      const row = await findUplink(trunk, store, name);
      const parsed = parseTrunkConfig(fieldsOf(trunk, await vault(), row));
      if ('faults' in parsed) throw faulty(parsed.faults);
      const { sipAddress: listen } = configOf(env, options);
      // Loaded here: the other commands would wait for the whole of SIP.
      const { trunkCheck } = await import('../../delivery/check-trunk.ts');
      const { systemResolver } = await import('../../voice/calls/sip/targets/resolver.ts');
      const check = trunkCheck({ listen, resolver: systemResolver(), clock, random, log: silentLog });
      const report = await check(parsed.config);
      answerReport(shell, options, ['trunk', name], report, 'HOST', ({ host }) => host);
    }),
  );
}
