import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type AuditLog, auditLog } from '../accounts/audit-log.ts';
import type { Config } from '../config.ts';
import type { Setting } from '../config-settings.ts';
import { isError } from '../errors.ts';
import { silentLog } from '../observe/log.ts';
import type { Store } from '../store/store.ts';
import { type IdSource, idSource } from '../values/id.ts';
import { loadKeys } from '../vault/key-file.ts';
import { openVault } from '../vault/open-vault.ts';
import type { Vault } from '../vault/vault.ts';
import { type AnswerOptions, jsonFlag } from './answer.ts';
import { auditedStore } from './audited-store.ts';
import { CommandError } from './command-error.ts';
import { configFlags } from './config-flags.ts';
import { configOf } from './config-of.ts';
import type { Shell } from './shell.ts';

/** What a command that opens the store is given on its line. */
export interface StoreOptions extends AnswerOptions {
  readonly config?: string;
  readonly data?: string;
  readonly databaseUrl?: string;
  readonly keyFile?: string;
}

/** Gives `command` the flags of `StoreOptions`, and those of other settings that it needs, after its own. */
export function storeFlags(command: Command, others: readonly Setting['name'][] = []): Command {
  return configFlags(jsonFlag(command), ['data', 'database_url', 'key_file', ...others]);
}

/** The service's state, open for one command. */
export interface Books {
  /** What is changed through it is written down in the audit log. */
  readonly store: Store;
  readonly audit: AuditLog;
  readonly ids: IdSource;
  /** Reads the keys when they are first needed: few commands look into sealed cells. Rejects with `KeysUnusable`. */
  vault(): Promise<Vault>;
}

/**
 * Opens the store that the options, the environment or the file name, beside a server that may be running on it, and closes it after
 * `use`. Rejects with a `CommandError` when the configuration is at fault, or when no server ever started on that store: the first
 * start makes the keys and the operator, and must not find accounts that came before it.
 */
export async function withStore(
  shell: Shell,
  options: StoreOptions,
  use: (books: Books) => Promise<void>,
): Promise<void> {
  const { clock, random, env } = shell;
  const config = configOf(env, options);
  if (config.databaseUrl === null && !existsSync(join(config.data, 'passbell.db'))) throw noStore(config);
  const store = await open(config, shell);
  try {
    if ((await store.accounts.count()) === 0) throw noStore(config);
    const keys = { env: env['PASSBELL_KEYS'], path: config.keyFile, create: false };
    const ids = idSource(clock, random);
    const audit = auditLog({ store, clock, ids });
    await use({
      ...{ store: auditedStore(store, audit), audit, ids },
      vault: async () => openVault(await loadKeys(keys, random, silentLog), random),
    });
  } finally {
    await store.close();
  }
}

async function open(config: Config, { clock, openStore }: Shell): Promise<Store> {
  try {
    return await openStore({ dataDir: config.data, databaseUrl: config.databaseUrl, clock, serving: false });
  } catch (error) {
    if (isError(error, 'unavailable')) throw error;
    throw new CommandError('no_store', `The store cannot be opened: ${(error as Error).message}`);
  }
}

function noStore({ data, databaseUrl }: Config): CommandError {
  const where = databaseUrl === null ? `in ${data}` : 'in this database';
  const cure = databaseUrl === null ? 'or pass --data with the folder it runs on' : 'or pass another --database-url';
  return new CommandError('no_store', `There is no store ${where} yet. Run \`passbell serve\` once first, ${cure}.`);
}
