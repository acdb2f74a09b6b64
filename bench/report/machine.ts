import { execFile } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import bench from '../package.json' with { type: 'json' };

/** What the figures were measured on: they compare only with others of the same. */
export async function machine(): Promise<Readonly<Record<string, string | number>>> {
  const processors = cpus();
  return {
    processors: processors.length,
    model: processors[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    linux: release(),
    node: process.version,
    betterAuth: bench.devDependencies['better-auth'],
    kannel: await package_('kannel'),
    wrk: await package_('wrk'),
    postgres: await firstLine('postgres', ['--version']),
    commit: await firstLine('git', ['rev-parse', '--short', 'HEAD']),
  };
}

function package_(name: string): Promise<string> {
  return firstLine('dpkg-query', ['-W', '-f', '$' + '{Version}', name]);
}

async function firstLine(command: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, [...args]);
    return stdout.split('\n')[0] ?? '';
  } catch {
    return 'unknown';
  }
}
