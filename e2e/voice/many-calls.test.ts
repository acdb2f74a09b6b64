import { setInterval } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { need } from '../peers/need.ts';
import { balance, call, numberFor } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import { checkLedger } from '../service/ledger.ts';
import { type CallJson, recordOf } from '../service/voice.ts';
import * as callees from './callees.ts';
import type { Line } from './line.ts';
import { test } from './with-line.ts';

const CALLS = 100;
const EVERY_MS = 50;
/** Spoken in about five seconds: as long as it takes to place them all. */
const CODE = '4829175';

async function grant({ service, account }: Line, credits: number): Promise<void> {
  const { status, body } = await call('POST', `${service.url}/admin/v1/accounts/${account.id}/credits`, {
    key: service.ready.admin_token ?? '',
    body: { pool: 'voice', amount: credits, note: 'for many calls' },
  });
  expect(status, JSON.stringify(body)).toBe(201);
}

/** One after the other, each at its time whether or not the earlier ones were answered. */
async function placeAll(line: Line): Promise<string[]> {
  const placing: Promise<string>[] = [];
  for await (const _ of setInterval(EVERY_MS)) {
    placing.push(line.place({ callee: `+977${numberFor(placing.length)}`, code: CODE }));
    if (placing.length === CALLS) break;
  }
  return Promise.all(placing);
}

/** The most calls that were answered and not yet over at the same time. */
function mostAtOnce(records: readonly CallJson[]): number {
  const changes = records
    .flatMap(({ answered_at, ended_at }) => [
      { at: Date.parse(answered_at ?? ''), by: 1 },
      { at: Date.parse(ended_at ?? ''), by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let up = 0;
  return Math.max(...changes.map(({ by }) => (up += by)));
}

describe.runIf(need('sipp'))('many calls', () => {
  test('at once are all spoken to the end, and each is charged and told of once', async ({ line, peers }) => {
    const bob = await peers.sipp({ scenario: callees.answers(), echo: true, trace: false });
    await line.trunk({ port: bob.port, max_calls: CALLS });
    await grant(line, CALLS);
    const { url } = line.service;
    const { live } = line.account;
    const before = await balance(url, live, 'voice');

    const ids = await placeAll(line);
    expect(new Set(ids).size).toBe(CALLS);
    await eventually(
      async () => line.receiver.received.length,
      (told) => told >= CALLS,
      20_000,
    );
    expect(await bob.ended(CALLS), bob.errors()).toMatchObject({ seen: CALLS, finished: CALLS, failed: 0 });

    const told = line.receiver.received.map(({ body }) => body);
    expect(told.map((body) => body['call-id']).sort()).toEqual(ids.toSorted());
    for (const body of told) expect(body).toMatchObject({ result: { code: 10 } });
    const records = await Promise.all(ids.map((id) => recordOf(url, live, id)));
    for (const record of records) expect(record).toMatchObject({ outcome: 'completed', credits: 1 });
    expect(mostAtOnce(records)).toBeGreaterThan(CALLS / 2);

    const after = await balance(url, live, 'voice');
    expect([after.held, after.captured]).toEqual([0, before.captured + CALLS]);
    await checkLedger(url, live, 'voice');
  });
});
