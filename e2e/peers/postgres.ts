import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A PostgreSQL server of the test's own, in a directory of its own, on a port of its own. */
export interface PostgresPeer {
  /** `postgres://…` of an empty database. */
  readonly url: string;
  /** The URL of a further empty database on the same server. */
  createDatabase(name: string): string;
  /** Ends the server at once, as a crash would (`pg_ctl stop -m immediate`), and starts it again over the same data. */
  restart(): Promise<void>;
  /** kill -9 of the server and every process of it. `restart` brings it back. */
  kill9(): Promise<void>;
  /** Ends the server and removes its directory. */
  stop(): Promise<void>;
}

// fsync stays on: a test of what survives a crash must not pass because nothing was ever at stake.
const SETTINGS = ['max_connections=100', 'shared_buffers=128MB', 'fsync=on', 'synchronous_commit=on'];

/** Makes a cluster and starts a server for it. As root it runs as the system user `postgres`: the server refuses to run as root. */
export async function startPostgres(settings: readonly string[] = []): Promise<PostgresPeer> {
  const bin = binaries();
  const user: User = process.getuid?.() === 0 ? systemUser() : {};
  const home = mkdtempSync(join(tmpdir(), 'passbell-pg-'));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(home, user.uid, user.gid);
  const data = join(home, 'data');
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(join(bin, program), args, { ...user, cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
  // Only making the empty cluster goes without fsync.
  run('initdb', '-D', data, '-U', 'passbell', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
  const port = await freePort();
  const url = (name: string) => `postgres://passbell@127.0.0.1:${port}/${name}`;

  async function start(): Promise<ChildProcess> {
    const options = [...SETTINGS, `unix_socket_directories=${home}`, ...settings].flatMap((one) => ['-c', one]);
    const server = spawn(
      ...withThisProcess(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...options], user),
      {
        cwd: home,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const said: string[] = [];
    for await (const line of createInterface({ input: server.stderr })) {
      said.push(line);
      if (line.includes('database system is ready to accept connections')) {
        server.stderr.resume();
        return server;
      }
    }
    throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    const children = signal === 'SIGKILL' ? childrenOf(server.pid) : [];
    server.kill(signal);
    for (const child of children) killQuietly(child);
    await exit;
  }

  let server = await start();
  run('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', 'passbell', 'passbell');
  return {
    url: url('passbell'),
    createDatabase(name) {
      run('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', 'passbell', name);
      return url(name);
    },
    async restart() {
      await end('SIGQUIT');
      server = await start();
    },
    kill9: () => end('SIGKILL'),
    async stop() {
      // Not in order, but at once: the data is thrown away.
      await end('SIGQUIT');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The directory of the newest PostgreSQL on this machine (Debian keeps them off the PATH). */
function binaries(): string {
  const version = (path: string) => Number(path.split('/')[4]);
  const found = globSync('/usr/lib/postgresql/*/bin/initdb').sort((a, b) => version(b) - version(a));
  return found[0] === undefined ? '' : dirname(found[0]);
}

/** Runs the server as `user`, and has the kernel end it when this process ends: a test run that is killed leaves none behind. */
function withThisProcess(program: string, args: readonly string[], { uid, gid }: User): [string, string[]] {
  const drop = uid === undefined ? [] : [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  return ['setpriv', ['--pdeathsig', 'QUIT', ...drop, program, ...args]];
}

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

function systemUser(): User {
  const entries = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = entries.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return {};
}

function childrenOf(pid: number | undefined): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with its parent.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
