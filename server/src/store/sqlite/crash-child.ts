import { writeSync } from 'node:fs';
import { systemClock } from '../../values/clock.ts';
import { NOW, newId, outcome, request } from '../contract/samples.ts';
import { openSqlite } from './store.ts';

// Accepts and settles without end, and says what was acknowledged, one id a line, until it is killed.
const [, , dataDir = '', accountId = ''] = process.argv;
const store = await openSqlite({ dataDir, clock: systemClock, serving: true });
const node = newId();
await store.nodes.beat(node, 60_000);

async function work(): Promise<never> {
  for (;;) {
    const batch = Array.from({ length: 20 }, () => request(accountId));
    const verdicts = await store.accept(batch, node, NOW);
    for (const verdict of verdicts) if (verdict.accepted) writeSync(1, `${verdict.otpId} accepted\n`);
    const sent = batch.slice(0, 10);
    const next = { kind: 'final', state: 'sent', reason: null } as const;
    await store.settle(
      sent.map((one) => outcome(one, node, [null], next)),
      [],
      null,
      NOW,
    );
    for (const { otpId } of sent) writeSync(1, `${otpId} sent\n`);
  }
}

// Two lanes, so that a kill can meet one call in each stage.
await Promise.all([work(), work()]);
