import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The line that `serve --json` prints. Secrets are in it at the first start of a store only. */
export interface ReadyLine {
  readonly ready: true;
  readonly url: string;
  readonly console: { readonly url: string; readonly user?: string; readonly password?: string };
  readonly admin_token?: string;
  readonly account?: {
    readonly id: string;
    readonly login: string;
    readonly keys: { readonly test: string; readonly live: string };
    readonly product_tokens: { readonly test: string; readonly live: string };
  };
}

/** A `passbell serve` process of its own. */
export interface Service {
  readonly url: string;
  readonly ready: ReadyLine;
  readonly process: ChildProcess;
  /** What it has written to standard error so far. */
  log(): string;
  /** SIGKILL; resolves when the process is gone. */
  kill9(): Promise<void>;
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>;
}

export interface ServiceOptions {
  readonly data?: string;
  readonly databaseUrl?: string;
  readonly listen?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
}

const MAIN = join(import.meta.dirname, '../../server/src/cli/main.ts');

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'passbell-e2e-'));
}

/** Starts the service and waits for its ready line. Rejects with what it said when it ends before. */
export async function startService({
  data = temporaryFolder(),
  databaseUrl,
  listen = '127.0.0.1:0',
  env = {},
  args = [],
}: ServiceOptions = {}): Promise<Service> {
  const database = databaseUrl === undefined ? [] : ['--database-url', databaseUrl];
  const child = spawn(
    process.execPath,
    [MAIN, 'serve', '--json', '--listen', listen, '--data', data, ...database, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const gone = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([first]) => first as string),
    gone.then(() => {
      throw new Error(`the service ended before it was ready:\n${stderr}`);
    }),
  ]);
  child.stdout.resume();
  const ready = JSON.parse(line) as ReadyLine;
  return {
    url: ready.url,
    ready,
    process: child,
    log: () => stderr,
    async kill9() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = (await gone) as [number | null];
      return code;
    },
  };
}
