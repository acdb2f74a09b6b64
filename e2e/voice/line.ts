import { expect } from 'vitest';
import { addTrunk, balance, call, openAccount, type TestAccount } from '../service/api.ts';
import { type CallbackReceiver, type ReceivedCallback, startCallbackReceiver } from '../service/callback-receiver.ts';
import { checkLedger } from '../service/ledger.ts';
import { type Service, startService, temporaryFolder } from '../service/service.ts';
import { type CallJson, instruct, recordOf } from '../service/voice.ts';
import { outboxOf } from './outbox.ts';

/** How a call ended, in CM's words: in callbacks and in call records. */
export interface ResultJson {
  readonly code: number;
  readonly description: string;
  readonly 'sip-disconnect-code': string;
  readonly 'sip-disconnect-reason': string;
}

/** A call as CM's dialect records it. */
export interface CdrJson {
  readonly 'call-id': string;
  readonly 'instruction-id': string | null;
  readonly caller: string;
  readonly callee: string;
  readonly answer: string | null;
  readonly end: string | null;
  readonly result: ResultJson | null;
  readonly replays: number;
  readonly cost: number;
}

/** What was told of a call that has ended, by all that tell of it. */
export interface EndedCall {
  readonly id: string;
  readonly callback: ReceivedCallback;
  readonly result: ResultJson;
  readonly record: CallJson;
  readonly cdr: CdrJson;
}

/** A service with one trunk, an account that calls through it, and who is told how its calls end. */
export interface Line {
  readonly service: Service;
  /** The folder of its store, and of the sounds that it keeps. */
  readonly data: string;
  readonly account: TestAccount;
  readonly receiver: CallbackReceiver;
  /** Points the trunk at a SIP peer on loopback, in place of the one before. */
  trunk(config: { port: number; [field: string]: unknown }): Promise<void>;
  /** Asks for a call; resolves to its id once it is accepted. */
  place(instruction?: object): Promise<string>;
  /**
   * Resolves once the callback of a placed call has come. Fails where callback, record, CDR and credits do not tell the same, so it
   * has to come before the next call is placed.
   */
  ended(id: string): Promise<EndedCall>;
  /** Places a call and waits for its end. */
  call(instruction?: object): Promise<EndedCall>;
  /** Stops the service. Fails unless each placed call was told of once, nothing more is owed, and nothing went wrong inside. */
  stop(): Promise<void>;
}

const TRUNK = 'main';
/** Who is called, unless the instruction says otherwise. */
export const CALLEE = '+9779841234567';
const CREDITS = 10;
/** Spoken in a second or two. */
const CODE = '42';

const CODES = { cancelled: 9, completed: 10, failed: 11, rejected: 12 } as const;

/** @param env further settings of the service's process */
export async function openLine(settings: object = {}, env: NodeJS.ProcessEnv = {}): Promise<Line> {
  const data = temporaryFolder();
  const receiver = await startCallbackReceiver();
  const service = await startService({
    data,
    env: {
      ...{ PASSBELL_CALLBACK_ALLOW: '127.0.0.0/8', PASSBELL_SIP_ADDRESS: '127.0.0.1', PASSBELL_RTP_PORTS: 'any' },
      ...env,
    },
  });
  const { url } = service;
  const admin = service.ready.admin_token ?? '';
  const account = await openAccount(url, admin, { credits: 0, voiceCredits: CREDITS, settings });
  const placed: string[] = [];
  let available = CREDITS;

  async function place(instruction: object = {}): Promise<string> {
    const wanted = { callee: CALLEE, code: CODE, 'instruction-id': `e2e-${placed.length}`, ...instruction };
    const asked = { 'callback-url': `${receiver.url}/ended`, ...wanted };
    const { status, body } = await instruct(url, account.productTokens.live, asked);
    expect(status, JSON.stringify(body)).toBe(200);
    placed.push(body['call-id']);
    return body['call-id'];
  }

  /** The same range of times is not answered twice within five minutes. */
  async function cdrOf(id: string): Promise<CdrJson> {
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const to = new Date(Date.now() + 3_600_000).toISOString();
    const path = `/voice-cdr/v1/${account.id}?from=${from}&to=${to}&skip=0&take=100`;
    const headers = { 'x-cm-producttoken': account.productTokens.live };
    const { status, headers: paging, body } = await call<CdrJson[]>('GET', url + path, { headers });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(paging.get('x-cm-pagination-total')).toBe(String(placed.length));
    return body.find((one) => one['call-id'] === id) ?? expect.fail(`no CDR of ${id}`);
  }

  /** Charged when it was answered, and only then. */
  async function checkCredits({ credits, answered_at, outcome }: CallJson): Promise<void> {
    const now = await balance(url, account.live, 'voice');
    expect(now.held).toBe(0);
    expect(credits).toBe(available - now.available);
    expect(credits > 0).toBe(answered_at !== null && outcome === 'completed');
    available = now.available;
    await checkLedger(url, account.live, 'voice');
  }

  async function ended(id: string): Promise<EndedCall> {
    const callback = await receiver.next(({ body }) => body['call-id'] === id);
    const [record, cdr] = [await recordOf(url, account.live, id), await cdrOf(id)];
    const { body } = callback;
    const result = body['result'] as ResultJson;
    const outcome = record.outcome as keyof typeof CODES | null;
    expect(body).toMatchObject({ type: 'otp-finished', caller: cdr.caller, callee: record.to });
    expect(record.to).toBe(cdr.callee);
    expect(body['instruction-id']).toBe(cdr['instruction-id']);
    expect([result.code, result]).toEqual([CODES[outcome ?? 'failed'], cdr.result]);
    const status = record.sip_status === null ? '' : String(record.sip_status);
    expect(result['sip-disconnect-code']).toBe(outcome === 'completed' ? 'BYE' : status);
    if (record.sip_reason !== '') expect(result['sip-disconnect-reason']).toBe(record.sip_reason);
    expect([body['answered-on'], body['finished-on']]).toEqual([record.answered_at, record.ended_at]);
    expect([cdr.answer, cdr.end]).toEqual([record.answered_at, record.ended_at]);
    expect([body['replays'], cdr.replays]).toEqual([record.replays, record.replays]);
    expect(cdr.cost).toBe(record.credits);
    await checkCredits(record);
    return { id, callback, result, record, cdr };
  }

  return {
    ...{ service, data, account, receiver, place, ended },
    trunk: (config) => addTrunk(url, admin, TRUNK, config),
    call: async (instruction) => ended(await place(instruction)),
    async stop() {
      const code = await service.stop();
      await receiver.stop();
      expect(code, service.log()).toBe(0);
      expect(service.log()).not.toContain('"level":"error"');
      expect(receiver.received.map(({ body }) => body['call-id']).sort()).toEqual(placed.toSorted());
      // Each was sent at the first try, and no second one waits for its time.
      const outbox = outboxOf(data).map(({ deliveryId, state, attempts }) => [deliveryId, state, attempts]);
      expect(outbox.sort()).toEqual(placed.toSorted().map((id) => [id, 'delivered', 1]));
    },
  };
}
