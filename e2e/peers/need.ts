import { PEERS, type Peer, type PeerName, whereIs } from './peers.ts';

const told = new Set<PeerName>();

/**
 * Whether the peers that tests need are installed: `describe.runIf(need('tshark'))(…)`. A missing one is named on standard error
 * with the command that brings it, and the tests are skipped.
 * @throws in CI (`CI=true`), where a skipped test is a failed one.
 */
export function need(...names: readonly PeerName[]): boolean {
  const missing = names.filter((name) => whereIs(PEERS[name]) === null);
  if (missing.length === 0) return true;
  const cure = missing.map((name) => howToGet(PEERS[name])).join('; ');
  if (process.env['CI'] === 'true') throw new Error(`Missing peers: ${cure}`);
  for (const name of missing) {
    if (!told.has(name)) console.warn(`Skipping tests that need ${howToGet(PEERS[name])}`);
    told.add(name);
  }
  return false;
}

export function howToGet(peer: Peer): string {
  return `${peer.package} (${peer.why}): apt-get install ${peer.package}`;
}
