import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcceptRequest } from '../../rules/accept.ts';
import type { CallDraft, CallRecord } from '../../rules/call-record.ts';
import { newId, request } from '../../store/contract/samples.ts';
import { servedNatively } from './rig.ts';

const NODE = 'node';
const CODE = '481516';

let served: Awaited<ReturnType<typeof servedNatively>>;
beforeAll(async () => {
  served = await servedNatively();
});
afterAll(() => served.close());

const opened = async () => (await served.rig.account()).account;

const draft: CallDraft = {
  ...{ caller: '+9771234567', anonymous: false, instructionId: 'order-7', spokenMs: 9_250, callbackSealed: null },
  warnings: ['There is no female voice 1 for en-EN; English (United Kingdom), female 1 speaks instead.'],
};

/** A call as the sender commits it. */
async function accept(accountId: string, over: Partial<AcceptRequest> = {}): Promise<AcceptRequest> {
  const { vault, store, clock } = served.rig;
  clock.advance(1);
  const otpId = newId();
  const cell = (column: 'number' | 'content', text: string) =>
    vault.seal({ account: accountId, row: otpId, column }, text);
  const asked = request(accountId, {
    ...{ otpId, mode: 'live', channel: 'voice', pool: 'voice', credits: 1, segments: 0, call: draft },
    ...{ numbered: false, createdAt: clock.now(), contentSealed: cell('content', CODE) },
    numberSealed: cell('number', JSON.stringify({ e164: '+9779851023212', asSent: '9851023212' })),
    ...over,
  });
  const [verdict] = await store.accept([asked], NODE, clock.now());
  expect(verdict?.accepted).toBe(true);
  return asked;
}

async function finish({ accountId, deliveryId }: AcceptRequest): Promise<void> {
  const { store, clock } = served.rig;
  const at = clock.now();
  const call: CallRecord = {
    ...{ ringingAt: at + 1_000, answeredAt: at + 5_000, endedAt: at + 21_100, outcome: 'completed', sipStatus: null },
    ...{ sipReason: '', cause: 16, replays: 1 },
  };
  const attempt = { n: 1, carrier: 'main', parts: [] };
  const next = { kind: 'final', state: 'delivered', reason: null } as const;
  await store.settle([{ accountId, deliveryId, node: NODE, at, attempt, next, call }], [], NODE, at + 21_200);
}

describe('/v1/calls/{id}', () => {
  it('shows a call from its first moment, and what became of it', async () => {
    const { id, keys } = await opened();
    const asked = await accept(id);
    const at = served.rig.clock.now();
    const time = (ms: number) => new Date(at + ms).toISOString();
    const line = `GET /v1/calls/call_${asked.deliveryId}`;
    const waiting = {
      ...{ id: `call_${asked.deliveryId}`, to: '+9779851023212', from: '+9771234567', anonymous: false, mode: 'live' },
      ...{ dialect: 'tingting', instruction_id: 'order-7', state: 'queued', reason: null, outcome: null },
      ...{ sip_status: null, sip_reason: '', q850_cause: null, trunk: null, replays: 0, spoken_seconds: 9.25 },
      ...{ duration_seconds: 0, credits: 0, created_at: time(0), ringing_at: null, answered_at: null, ended_at: null },
      warnings: draft.warnings,
    };
    const first = await served.ask(keys.live, line);
    expect([first.status, first.body]).toEqual([200, waiting]);
    expect(Object.keys(first.body)).toEqual(Object.keys(waiting));
    await finish(asked);
    const last = await served.ask(keys.live, line);
    expect(last.body).toEqual({
      ...waiting,
      ...{ state: 'delivered', outcome: 'completed', q850_cause: 16, trunk: 'main', replays: 1 },
      ...{
        duration_seconds: 17,
        credits: 1,
        ringing_at: time(1_000),
        answered_at: time(5_000),
        ended_at: time(21_100),
      },
    });
    expect(first.text + last.text).not.toMatch(new RegExp(`${CODE}|sealed|${asked.otpId}`));
  });

  it('shows no number that was erased', async () => {
    const { id, keys } = await opened();
    const { deliveryId } = await accept(id, { numberSealed: served.rig.vault.seal(elsewhere, '{}') });
    expect((await served.ask(keys.live, `GET /v1/calls/call_${deliveryId}`)).body.to).toBeNull();
  });

  it('knows no call of another account, nor of another mode, nor by another spelling of its id', async () => {
    const [mine, theirs] = [await opened(), await opened()];
    const { deliveryId } = await accept(theirs.id);
    const test = await accept(mine.id, { mode: 'test' });
    const answers = await Promise.all([
      served.ask(mine.keys.live, `GET /v1/calls/call_${deliveryId}`),
      served.ask(mine.keys.live, `GET /v1/calls/call_${test.deliveryId}`),
      served.ask(theirs.keys.test, `GET /v1/calls/call_${deliveryId}`),
      served.ask(theirs.keys.live, `GET /v1/calls/${deliveryId}`),
      served.ask(theirs.keys.live, `GET /v1/calls/msg_${deliveryId}`),
      served.ask(theirs.keys.live, 'GET /v1/calls/call_1'),
      served.ask(theirs.keys.live, `GET /v1/calls/call_${newId()}`),
    ]);
    for (const { status, body } of answers) {
      expect([status, body.code, body.detail]).toEqual([404, 'not_found', 'There is no such call.']);
    }
  });
});

describe('/v1/calls', () => {
  it('lists the newest first, a page at a time, each once though more come', async () => {
    const { id, keys } = await opened();
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) made.unshift(`call_${(await accept(id)).deliveryId}`);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await served.ask(keys.live, `GET /v1/calls?limit=2${cursor}`);
      seen.push(...body.data.map((call: { id: string }) => call.id));
      cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
      await accept(id);
    } while (cursor !== '');
    expect(seen).toEqual(made);
  });

  it('shows a test key the sandbox phone’s calls, a live key the real ones, and nobody another account’s', async () => {
    const [mine, theirs] = [await opened(), await opened()];
    const test = await accept(mine.id, { mode: 'test' });
    const live = await accept(mine.id);
    await accept(theirs.id);
    const ids = async (key: string) =>
      (await served.ask(key, 'GET /v1/calls')).body.data.map((call: { id: string }) => call.id);
    expect(await ids(mine.keys.test)).toEqual([`call_${test.deliveryId}`]);
    expect(await ids(mine.keys.live)).toEqual([`call_${live.deliveryId}`]);
  });

  it('lists no messages, and refuses what it does not know', async () => {
    const { id, keys } = await opened();
    await served.rig.store.accept([request(id)], NODE, served.rig.clock.now());
    expect((await served.ask(keys.live, 'GET /v1/calls')).body).toEqual({ data: [], next_cursor: null });
    for (const query of ['limit=0', 'limit=101', 'cursor=x', 'to=9851023212']) {
      expect((await served.ask(keys.live, `GET /v1/calls?${query}`)).status).toBe(422);
    }
  });
});

const elsewhere = { account: 'another', row: 'another', column: 'number' } as const;
