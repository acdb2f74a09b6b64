import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ManualClock } from '../../values/manual-clock.ts';
import { defaultAccount, NOW, newId } from '../contract/samples.ts';
import { openSqlite } from './store.ts';

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url));
const GRANTED = 1_000_000;

/** Runs the child until it has acknowledged `count` things, then kills it with no chance to tidy up. */
async function acknowledgedBeforeKill(dataDir: string, accountId: string, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, dataDir, accountId], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (lines.length === count) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  // The last line may be torn; what was read whole was acknowledged.
  return lines.filter((line) => / (accepted|sent)$/.test(line));
}

it('keeps all that was acknowledged through kill -9, and a ledger that adds up', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'passbell-crash-'));
  const account = defaultAccount();
  const open = () => openSqlite({ dataDir, clock: new ManualClock(), serving: true });
  const first = await open();
  await first.accounts.create(account);
  await first.credits.grant({ accountId: account.id, id: newId(), pool: 'sms', amount: GRANTED, note: null, at: NOW });
  await first.close();

  for (const count of [1, 333, 2001]) {
    const acknowledged = await acknowledgedBeforeKill(dataDir, account.id, count);
    const store = await open();
    for (const line of acknowledged) {
      const [otpId = '', what] = line.split(' ');
      const otp = await store.otps.get(account.id, otpId);
      expect(otp).not.toBeNull();
      if (what === 'sent') expect(otp?.delivery.state).toBe('sent');
    }
    const { openHolds, ...sums } = (await store.credits.sums(account.id)).sms;
    expect(await store.credits.balances(account.id)).toMatchObject({ sms: sums });
    expect(sums.granted).toBe(GRANTED);
    // What was still queued can be claimed at once by the next run: every open hold is one of those.
    const claimed = await store.claim(newId(), 1_000_000);
    expect(claimed).toHaveLength(openHolds);
    await store.close();
  }
  await rm(dataDir, { recursive: true });
}, 60_000);
