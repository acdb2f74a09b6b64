import fc from 'fast-check';
import { expect, test } from 'vitest';
import { silentLog } from '../../observe/log.ts';
import { readWav } from '../../voice/audio/read-wav.ts';
import { glassVault } from '../glass-vault.ts';
import { ANYONE, forever, heard, house, MINE, turn } from './calls-rig.ts';

test('a call rings until someone answers, and says its script', async () => {
  const { calls, rung, pass, clock } = house();
  const start = clock.now();
  const id = await rung();
  expect(await calls.call(MINE, id)).toEqual({
    ...{ id, to: ANYONE, from: '+9771500000', anonymous: false, state: 'ringing', transcript: '', keys: '' },
    ...{ startedAt: start, answeredAt: null, endedAt: null, end: null },
  });
  await pass(3_000);
  expect(await calls.act(MINE, id, { kind: 'answer' })).toMatchObject({ state: 'answered', answeredAt: start + 3_000 });
  await pass(1_500);
  expect((await calls.call(MINE, id)).transcript).toBe('Hello. Your code is 4');
  await pass(20_000);
  expect(await calls.call(MINE, id)).toMatchObject({
    state: 'ended',
    transcript: 'Hello. Your code is 4 8 Press 1 to hear it again. Goodbye.',
    end: { outcome: 'completed', sipStatus: null },
  });
});

test('key 1 brings the code again: in the words, and in the sound', async () => {
  const { calls, rung, pass } = house();
  const id = await rung();
  await calls.act(MINE, id, { kind: 'answer' });
  await pass(2_000);
  expect(await calls.act(MINE, id, { kind: 'keys', digits: '1' })).toMatchObject({ keys: '1' });
  await pass(1_000);
  expect(heard(await calls.audio(MINE, id))).toEqual([
    ...[
      [1_000, 400],
      [2_000, 800],
      [3_000, 300],
      [4_000, 300],
      [5_000, 200],
      [2_000, 800],
      [3_000, 200],
    ],
  ]);
  await calls.act(MINE, id, { kind: 'hang_up' });
  expect((await calls.call(MINE, id)).transcript).toBe(
    'Hello. Your code is 4 8 Press 1 to hear it again. Your code is 4',
  );
  await pass(10_000);
  expect(heard(await calls.audio(MINE, id)).at(-1)).toEqual([3_000, 200]);
});

test('the number that answers at once and presses 1 hears the code twice', async () => {
  const { calls, conversation, until } = house();
  const result = await until(conversation('+9779851020014'));
  expect(result).toMatchObject({ replays: 1, keys: 1, heardCode: true, end: { outcome: 'completed' } });
  const [call] = await calls.calls(MINE, null, 1);
  expect(call?.transcript.match(/Your code is 4 8/g)).toHaveLength(2);
  const amplitudes = heard(await calls.audio(MINE, call?.id ?? '')).map(([amplitude]) => amplitude);
  const [hello, silence, code, again, bye] = [1_000, 0, [2_000, 3_000, 4_000], 5_000, 6_000] as const;
  expect(amplitudes).toEqual([hello, ...code, again, silence, ...code, again, silence, bye]);
});

test('the sound is a WAV file that others read, and empty where nobody answered', async () => {
  const { calls, rung, pass } = house();
  const id = await rung();
  expect(await calls.audio(MINE, id)).toHaveLength(44);
  await calls.act(MINE, id, { kind: 'answer' });
  await pass(400);
  const wav = await calls.audio(MINE, id);
  expect(readWav(wav, { maxBytes: wav.length, maxSeconds: 1 })).toMatchObject({
    source: { rate: 8_000, channels: 1, format: 'pcm', bits: 16, seconds: 0.4 },
  });
});

test('who waits gets the next call as it rings, of one number or of all', async () => {
  const { calls, rung, until } = house();
  await rung();
  const waiting = calls.next(MINE, '+9779851000100', null, 30_000, forever);
  await rung(ANYONE);
  await rung('+9779851000100', calls, 'account-2');
  const id = await rung('+9779851000100');
  // No time has passed: it was told, not found.
  expect(await waiting).toMatchObject({ id, state: 'ringing' });
  expect(await until(calls.next(MINE, null, id, 1_000, forever))).toBeNull();
  const after = await rung();
  expect(await calls.next(MINE, null, id, 0, forever)).toMatchObject({ id: after });
});

test('a call from before that changes is not taken for the next one', async () => {
  const { calls, rung, until } = house();
  const before = await rung();
  const waiting = calls.next(MINE, null, null, 1_000, forever);
  await turn();
  await calls.act(MINE, before, { kind: 'answer' });
  expect(await until(waiting)).toBeNull();
});

test('each change of a call is told after the last one seen', async () => {
  const { calls, rung, pass } = house();
  const id = await rung();
  const first = await calls.lastChange(MINE);
  const waiting = calls.nextChange(MINE, first ?? '', 30_000, forever);
  await calls.act(MINE, id, { kind: 'answer' });
  const answered = await waiting;
  expect(answered).toMatchObject({ call: { id, state: 'answered' } });
  await pass(30_000);
  // What happened in between is told once, as it is now.
  const ended = await calls.nextChange(MINE, answered?.id ?? '', 0, forever);
  expect(ended).toMatchObject({ call: { id, state: 'ended' } });
  expect(await calls.nextChange(MINE, ended?.id ?? '', 0, forever)).toBeNull();
});

test('the store holds no word, no number and no key in the open', async () => {
  const { store, calls, rung, pass } = house();
  const id = await rung();
  await calls.act(MINE, id, { kind: 'answer' });
  await pass(2_000);
  const row = store.rows.get(id);
  expect(row).toEqual({
    ...{ accountId: MINE, id, changeId: expect.any(String), node: expect.any(String) },
    ...{ numberDigest: glassVault.numberDigest(MINE, ANYONE), startedAt: expect.any(Number) },
    sealed: expect.stringContaining('Your code is'),
  });
  // Sealed for its own place alone.
  expect(glassVault.open({ account: MINE, row: 'other', column: 'handset' }, row?.sealed ?? '')).toBeNull();
});

test('a cell that does not open is passed over and named in the log, without its words', async () => {
  const lines: unknown[] = [];
  const { store, calls, rung } = house({ log: { ...silentLog, warn: (...line) => lines.push(line) } });
  const [moved, whole] = [await rung(), await rung()];
  const [row, other] = [store.rows.get(moved), store.rows.get(whole)];
  if (row === undefined || other === undefined) throw new Error('a call is missing');
  await store.handsetCalls.put([{ ...row, sealed: other.sealed }]);
  expect((await calls.calls(MINE, null, 10)).map(({ id }) => id)).toEqual([whole]);
  expect(await calls.next(MINE, null, '0', 0, forever)).toMatchObject({ id: whole });
  await expect(calls.call(MINE, moved)).rejects.toMatchObject({ code: 'not_found' });
  expect(lines[0]).toEqual(['handset_call_sealed', { account_id: MINE, call_id: moved }]);
});

test('unknown calls and those of others are not found', async () => {
  const { calls, rung } = house();
  const id = await rung(ANYONE, calls, 'account-2');
  const missing = { code: 'not_found', detail: { what: 'call' } };
  for (const foreign of [id, '01a1fccb-438b-7292-a2ac-dd6bc0393e52']) {
    await expect(calls.call(MINE, foreign)).rejects.toMatchObject(missing);
    await expect(calls.act(MINE, foreign, { kind: 'answer' })).rejects.toMatchObject(missing);
    await expect(calls.audio(MINE, foreign)).rejects.toMatchObject(missing);
  }
  expect(await calls.call('account-2', id)).toMatchObject({ state: 'ringing' });
});

test('what the state of the call does not allow is a conflict that says what to do', async () => {
  const { calls, rung } = house();
  const id = await rung();
  const conflict = (reason: string) => ({ code: 'conflict', detail: { field: 'call', reason } });
  await expect(calls.act(MINE, id, { kind: 'keys', digits: '1' })).rejects.toMatchObject(
    conflict('it_still_rings_so_answer_it_first'),
  );
  await calls.act(MINE, id, { kind: 'reject' });
  await expect(calls.act(MINE, id, { kind: 'answer' })).rejects.toMatchObject(conflict('it_has_ended'));
});

test('while the store is away calls go on, and are saved when it is back', async () => {
  const lines: unknown[] = [];
  const { store, calls, conversation, pass } = house({ log: { ...silentLog, error: (...line) => lines.push(line) } });
  const { put } = store.handsetCalls;
  store.handsetCalls.put = async () => {
    throw new Error('away');
  };
  void conversation('+9779851020014');
  await pass(3_000);
  expect(calls.engine.status().state).toBe('degraded');
  expect(JSON.stringify(lines)).not.toMatch(/code is|0014/);
  store.handsetCalls.put = put;
  await pass(20_000);
  expect(calls.engine.status().state).toBe('up');
  expect(await calls.calls(MINE, null, 10)).toMatchObject([{ state: 'ended', end: { outcome: 'completed' } }]);
});

test('what could not be saved yet is saved on closing', async () => {
  const { store, calls, rung } = house();
  const { put } = store.handsetCalls;
  const id = await rung();
  store.handsetCalls.put = async () => {
    throw new Error('away');
  };
  await calls.act(MINE, id, { kind: 'reject' });
  store.handsetCalls.put = put;
  await calls.close();
  expect(store.rows.get(id)?.sealed).toContain('rejected');
});

test('closing ends every call and every wait, and saves what became of them', async () => {
  const { calls, rung, store } = house();
  const id = await rung();
  await calls.act(MINE, id, { kind: 'answer' });
  const waiting = calls.next(MINE, null, null, 30_000, forever);
  await turn();
  await calls.close();
  expect(await waiting).toBeNull();
  const { endedAt, end } = JSON.parse(JSON.parse(store.rows.get(id)?.sealed ?? '')[1]);
  expect(endedAt).not.toBeNull();
  expect(end.outcome).toBe('completed');
});

test('whatever the callee does and whenever, the call ends, and its sound lasts as long as it did', async () => {
  const step = fc.record({
    ms: fc.integer({ min: 0, max: 4_000 }),
    act: fc.constantFrom('answer', 'reject', 'hang_up', '1', '1', '5', '#1'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const { calls, rung, pass } = house();
      const id = await rung();
      for (const { ms, act } of steps) {
        await pass(ms, 500);
        const kind = act === 'answer' || act === 'reject' || act === 'hang_up' ? act : null;
        await calls.act(MINE, id, kind === null ? { kind: 'keys', digits: act } : { kind }).catch(() => {});
      }
      await pass(90_000, 5_000);
      const call = await calls.call(MINE, id);
      expect(call.state).toBe('ended');
      const talked = call.answeredAt === null ? 0 : (call.endedAt ?? 0) - call.answeredAt;
      expect(await calls.audio(MINE, id)).toHaveLength(44 + talked * 16);
      await calls.close();
    }),
    { numRuns: 50 },
  );
});
