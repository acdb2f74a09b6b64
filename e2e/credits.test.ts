import { describe, expect, it } from 'vitest';
import { balance, numberFor, openAccount, sendText } from './service/api.ts';
import { startCluster } from './service/cluster.ts';
import { eventually } from './service/eventually.ts';
import { checkLedger } from './service/ledger.ts';
import { type Service, startService } from './service/service.ts';

/** 64 sends at once, spread over the nodes, on credits for 10. */
async function stampede(nodes: readonly Service[]): Promise<void> {
  const [first] = nodes;
  const { admin_token } = first?.ready ?? {};
  if (first === undefined || admin_token === undefined) throw new Error('not a first start');
  const account = await openAccount(first.url, admin_token, { credits: 10 });
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, i) => sendText(nodes[i % nodes.length]?.url ?? '', account.test, numberFor(i))),
  );
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(10);
  expect(answers.filter((answer) => answer.status === 402)).toHaveLength(54);
  const after = await eventually(
    () => balance(first.url, account.test),
    (pool) => pool.held === 0,
  );
  expect(after).toEqual({ granted: 10, available: 0, held: 0, captured: 10 });
  await checkLedger(first.url, account.test);
}

describe('64 sends at once on 10 credits: exactly 10 succeed', () => {
  it('on the embedded store', async () => {
    const node = await startService();
    await stampede([node]);
    await node.stop();
  });

  it('on three nodes of one PostgreSQL', async () => {
    const cluster = await startCluster(3);
    await stampede(cluster.nodes);
    await cluster.stop();
  });
});
