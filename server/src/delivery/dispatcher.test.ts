import { describe, expect, it } from 'vitest';
import { silentLog } from '../observe/log.ts';
import type { Outcome } from '../rules/outcome.ts';
import type { SettleVerdict } from '../rules/settle.ts';
import type { Carrier, OutboundSms, PartResult } from '../sms/carrier.ts';
import { ManualClock } from '../values/manual-clock.ts';
import { conclusions } from './conclusions.ts';
import { dispatcher } from './dispatcher.ts';
import { smsJob } from './job.ts';
import { sendSms } from './send-sms.ts';
import type { Settlement } from './settlement.ts';

/** A carrier that answers when the test says so. */
class StageCarrier implements Carrier {
  readonly receipts = true;
  readonly name: string;
  readonly calls: { sms: OutboundSms; answer: (results: readonly PartResult[]) => void }[] = [];
  room: number;
  #listener = () => {};

  constructor(name: string, room = 100) {
    this.name = name;
    this.room = room;
  }

  send(sms: OutboundSms): Promise<readonly PartResult[]> {
    this.room -= 1;
    return new Promise((resolve) => {
      this.calls.push({
        sms,
        answer: (results) => {
          this.room += 1;
          resolve(results);
          this.#listener();
        },
      });
    });
  }

  status() {
    return { state: 'up' as const, free: this.room, trouble: null };
  }

  onFree(listener: () => void) {
    this.#listener = listener;
  }

  onReceipts() {}
  async close() {}
}

function stage(carriers: readonly StageCarrier[], verdict: SettleVerdict = { kind: 'applied', state: 'queued' }) {
  const clock = new ManualClock();
  const saved: Outcome[] = [];
  const commits = { done: Promise.resolve() };
  const settlement: Settlement = {
    outcome: async (outcome) => {
      saved.push(outcome);
      await commits.done;
      return verdict;
    },
    receipts: async () => {},
    waiting: 0,
    drain: async () => {},
  };
  const lease = { node: 'me', held: true, valid: () => lease.held, start: async () => {}, stop: async () => {} };
  const routes = { routes: () => carriers.map((uplink, priority) => ({ uplink, priority })) };
  const concluded = conclusions({ settlement, clock, log: silentLog });
  const shared = { conclusions: concluded, lease, clock };
  const sender = dispatcher({ ...shared, routes, attempt: sendSms(shared) });
  for (const carrier of carriers) carrier.onFree(() => sender.pump());
  let serial = 0;
  const send = (ttlMs = 300_000, node = 'me') => {
    const id = `d${++serial}`;
    const part = { payload: new Uint8Array(), index: 1, total: 1, reference: 0 };
    const sms = {
      id,
      accountId: 'a',
      to: '+9779851023212',
      from: null,
      text: 'x',
      encoding: 'gsm7' as const,
      parts: [part],
    };
    const expiresAt = clock.now() + ttlMs;
    sender.take(smsJob({ accountId: 'a', deliveryId: id, mode: 'live', node, via: null }, { ...sms, expiresAt }));
  };
  return { clock, saved, commits, lease, sender, send };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const taken: readonly PartResult[] = [{ outcome: 'accepted', messageId: 'A' }];
const throttled: readonly PartResult[] = [{ outcome: 'refused', code: 0x58, retry: 'later' }];

describe('dispatcher', () => {
  it('hands a message over in the very turn it takes it', () => {
    const carrier = new StageCarrier('c');
    stage([carrier]).send();
    expect(carrier.calls).toHaveLength(1);
  });

  it('gives a carrier no more than it has room for, and the next as soon as there is room', async () => {
    const carrier = new StageCarrier('c', 2);
    const { send, sender } = stage([carrier]);
    for (let i = 0; i < 5; i++) send();
    expect(carrier.calls).toHaveLength(2);
    expect(sender.queued).toBe(3);
    carrier.calls[0]?.answer(taken);
    await settled();
    expect(carrier.calls).toHaveLength(3);
  });

  it('ends a code that died in the queue, and sends it to nobody', async () => {
    const carrier = new StageCarrier('c', 0);
    const { send, clock, saved, sender } = stage([carrier]);
    send(60_000);
    clock.advance(61_000);
    await settled();
    expect(saved).toMatchObject([{ attempt: null, next: { kind: 'final', state: 'expired', reason: 'code_expired' } }]);
    expect(carrier.calls).toHaveLength(0);
    expect(sender.holding).toBe(0);
  });

  it('fails over at once, and only then waits', async () => {
    const first = new StageCarrier('first');
    const second = new StageCarrier('second');
    const { send, clock } = stage([first, second]);
    send();
    first.calls[0]?.answer(throttled);
    await settled();
    expect(second.calls).toHaveLength(1);
    second.calls[0]?.answer(throttled);
    await settled();
    expect(first.calls).toHaveLength(1);
    clock.advance(2_000);
    expect(first.calls).toHaveLength(2);
  });

  it('does not send again before the lost try is written down', async () => {
    const carrier = new StageCarrier('c');
    const other = new StageCarrier('d');
    const { send, saved } = stage([carrier, other]);
    send();
    carrier.calls[0]?.answer([{ outcome: 'unknown' }]);
    expect(other.calls).toHaveLength(0);
    await settled();
    expect(saved).toHaveLength(1);
    expect(other.calls).toHaveLength(1);
  });

  it('drops a message that the store says is no longer its own', async () => {
    const carrier = new StageCarrier('c');
    const { send, sender, clock } = stage([carrier], { kind: 'stale' });
    send();
    carrier.calls[0]?.answer(throttled);
    await settled();
    clock.advance(60_000);
    expect(carrier.calls).toHaveLength(1);
    expect(sender.holding).toBe(0);
  });

  it('sends nothing once its lease may have run out, and nothing of an old lease under a new one', () => {
    const carrier = new StageCarrier('c');
    const { send, lease, sender } = stage([carrier]);
    lease.held = false;
    send();
    expect(carrier.calls).toHaveLength(0);
    lease.held = true;
    lease.node = 'new';
    sender.pump();
    expect(carrier.calls).toHaveLength(0);
    expect([sender.holding, sender.held('me')]).toEqual([0, []]);
  });

  it('sends what came while the store could not renew its lease, once it is renewed, without another send', async () => {
    const carrier = new StageCarrier('c');
    const { send, clock, lease, saved, sender } = stage([carrier]);
    lease.held = false;
    send();
    send(60_000);
    clock.advance(5_000);
    expect(carrier.calls).toHaveLength(0);
    lease.held = true;
    clock.advance(1_000);
    expect(carrier.calls).toHaveLength(2);
    lease.held = false;
    send(10_000);
    clock.advance(11_000);
    lease.held = true;
    clock.advance(1_000);
    await settled();
    expect(carrier.calls).toHaveLength(2);
    expect(saved).toMatchObject([{ next: { state: 'expired' } }]);
    expect(sender.queued).toBe(0);
  });

  it('lets messages pass that wait behind one which the free carrier refused', async () => {
    const first = new StageCarrier('first', 1);
    const second = new StageCarrier('second', 0);
    const { send } = stage([first, second]);
    send();
    send();
    first.calls[0]?.answer([{ outcome: 'refused', code: 0x45, retry: 'elsewhere' }]);
    await settled();
    expect(first.calls.map((call) => call.sms.id)).toEqual(['d1', 'd2']);
  });

  it('takes back what waits for a carrier or between tries, and nothing that a carrier has', async () => {
    const carrier = new StageCarrier('c', 2);
    const { send, clock, saved, sender } = stage([carrier]);
    for (let i = 0; i < 4; i++) send();
    carrier.calls[0]?.answer(throttled);
    await settled();
    expect(carrier.calls.map((call) => call.sms.id)).toEqual(['d1', 'd2', 'd3']);
    expect(sender.waiting).toBe(2);
    saved.length = 0;
    sender.withdraw(new Set(['d1', 'd2', 'd4', 'unknown']));
    const next = { kind: 'final', state: 'expired', reason: 'code_expired' };
    expect(saved).toMatchObject([
      { deliveryId: 'd4', attempt: null, next },
      { deliveryId: 'd1', attempt: null, next },
    ]);
    expect([sender.waiting, sender.holding]).toEqual([0, 2]);
    clock.advance(60_000);
    for (const call of carrier.calls.slice(1)) call.answer(taken);
    await settled();
    expect(carrier.calls).toHaveLength(3);
    expect(sender.holding).toBe(0);
  });

  it('takes nothing back under a lease that may have run out: it is another node that ends it', () => {
    const { send, saved, lease, sender } = stage([new StageCarrier('c', 0)]);
    send();
    lease.held = false;
    sender.withdraw(new Set(['d1']));
    expect(saved).toEqual([]);
    expect(sender.waiting).toBe(1);
  });

  it('holds a delivery from its taking until the last word on it is saved, under its own lease', async () => {
    const carrier = new StageCarrier('c');
    const { send, sender, clock, commits } = stage([carrier]);
    send();
    expect([sender.held('me'), sender.held('another')]).toEqual([['d1'], []]);
    for (const answer of [throttled, taken]) {
      const saving = Promise.withResolvers<void>();
      commits.done = saving.promise;
      carrier.calls.at(-1)?.answer(answer);
      await settled();
      expect(sender.held('me')).toEqual(['d1']);
      saving.resolve();
      await settled();
      expect(sender.held('me')).toEqual(answer === taken ? [] : ['d1']);
      clock.advance(2_000);
    }
    carrier.room = 0;
    const saving = Promise.withResolvers<void>();
    commits.done = saving.promise;
    send(1_000);
    clock.advance(1_000);
    await settled();
    expect([sender.queued, sender.held('me')]).toEqual([0, ['d2']]);
    saving.resolve();
    await settled();
    expect(sender.held('me')).toEqual([]);
  });

  it('drains: waits for what carriers have, hands over nothing new', async () => {
    const carrier = new StageCarrier('c', 1);
    const { send, sender } = stage([carrier]);
    send();
    send();
    let drained = false;
    const done = sender.drain().then(() => {
      drained = true;
    });
    await settled();
    expect(drained).toBe(false);
    carrier.calls[0]?.answer(taken);
    await done;
    expect(carrier.calls).toHaveLength(1);
  });
});
