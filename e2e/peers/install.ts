import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { howToGet } from './need.ts';
import { missingPeers, PEERS } from './peers.ts';

// Runs before the tests: brings the peers that are missing where that can be done without asking (root on Debian), and
// otherwise says which tests will be skipped for want of them.

const missing = missingPeers();
if (missing.length > 0 && canInstall()) {
  console.log(`Installing the programs that tests talk to: ${missing.join(', ')}`);
  apt('update');
  apt('install', '--yes', '--no-install-recommends', ...missing.map((name) => PEERS[name].package));
}

const stillMissing = missingPeers();
for (const name of stillMissing) console.warn(`Tests will be skipped for want of ${howToGet(PEERS[name])}`);
if (stillMissing.length > 0 && process.env['CI'] === 'true') {
  console.error('CI=true: a skipped test is a failed one.');
  process.exitCode = 1;
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
}

function apt(...args: readonly string[]): void {
  const { status } = spawnSync('apt-get', ['--quiet', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    // RUNLEVEL=1: packages that bring a daemon do not start it. Tests start their own, on ports of their own.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  });
  if (status !== 0) console.warn(`apt-get ${args[0]} failed (exit ${status})`);
}
