import { expect } from 'vitest';
import { balance, call, openAccount } from './api.ts';
import { eventually } from './eventually.ts';
import { inboxOf } from './inbox.ts';
import { checkLedger } from './ledger.ts';
import { expectNoSecrets } from './secrets.ts';
import type { Service } from './service.ts';

export const V1 = '/api/v1/auths/send/otp/';
export const SYSTEM = '/api/system/send/otp/';

interface SendAnswer {
  readonly message: string;
  readonly errors: readonly { readonly field: string }[];
  readonly data: { readonly details?: { readonly otp: string; readonly credits_used?: number } };
}

/** An account that is sent hostile requests, and what it was promised: held against the phone and the ledger afterwards. */
export type Target = Awaited<ReturnType<typeof openTarget>>;

export async function openTarget(service: Service, limits: readonly { count: number; period_seconds: number }[] = []) {
  const { url } = service;
  const account = await openAccount(url, service.ready.admin_token ?? '', { credits: 5_000, limits });
  const promised: string[] = [];
  const secrets = new Set([account.test, account.live]);

  return {
    account,
    /** Its keys, every text that was typed into a send, and every code and message that went out. */
    secrets: secrets as ReadonlySet<string>,
    /** How many sends were answered with 200. */
    get accepted() {
      return promised.length;
    },
    /** Sends with the test key, and remembers what the phone must show if it is accepted. Fails on any answer of 500 and above. */
    async send(body: unknown, path = V1, headers: Record<string, string> = {}) {
      const answer = await call<SendAnswer>('POST', url + path, { key: account.test, body, headers });
      expect(answer.status, `${JSON.stringify(body)?.slice(0, 200)} was answered ${answer.status}`).toBeLessThan(500);
      if (typeof body === 'object') {
        for (const value of Object.values(body ?? {})) if (typeof value === 'string') secrets.add(value);
      }
      const { otp } = answer.body.data?.details ?? {};
      if (answer.status === 200 && otp !== undefined) {
        const read = (typeof body === 'string' ? JSON.parse(body) : body) as { message: string };
        const text = read.message.split('{otp}').join(otp).toWellFormed();
        promised.push(text);
        secrets.add(otp).add(text);
      }
      return answer;
    },
    /** The phone shows what was answered with 200, letter for letter and nothing else; the ledger charged for just that. */
    async audit(): Promise<void> {
      const settled = await eventually(
        () => balance(url, account.test),
        ({ held }) => held === 0,
      );
      const messages = await inboxOf(url, account.test);
      expect(messages.map(({ text }) => text).sort()).toEqual(promised.toSorted());
      expect(settled.captured).toBe(messages.reduce((sum, { segments }) => sum + segments, 0));
      await checkLedger(url, account.test);
    },
  };
}

/** After an attack the same process sends as before, took no fault for its own, and tells nobody what was typed. */
export async function expectUnharmed(service: Service, attacked: readonly Target[], ...more: string[]): Promise<void> {
  const { process, url } = service;
  const after = await openTarget(service);
  const fresh = { number: '9851023212', message: 'Still here: {otp}', sms_send_options: 'text', otp_length: 10 };
  expect((await after.send(fresh)).status).toBe(200);
  await after.audit();
  expect([process.exitCode, process.signalCode]).toEqual([null, null]);
  expect(service.log()).not.toContain('"level":"error"');
  const metrics = await call<string>('GET', `${url}/metrics`);
  const { admin_token = '', account, console } = service.ready;
  const own = [admin_token, console.password ?? '', account?.keys.test ?? '', account?.keys.live ?? ''];
  const secrets = [...attacked, after].flatMap((target) => [...target.secrets]);
  expectNoSecrets({ log: service.log(), metrics: metrics.body }, [...secrets, ...own, ...more]);
}
