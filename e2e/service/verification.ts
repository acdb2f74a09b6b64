import { type Answer, call } from './api.ts';
import type { PhoneMessage } from './inbox.ts';

/** Who asks, and where. */
export interface Caller {
  readonly url: string;
  /** Its mode decides which verifications there are. */
  readonly key: string;
}

export type Status = 'pending' | 'approved' | 'canceled' | 'expired' | 'max_attempts_reached' | 'undeliverable';

/** A verification as `/v1/verifications` shows it. */
export interface VerificationJson {
  readonly id: string;
  readonly status: Status;
  readonly to: string | null;
  readonly expires_at: string;
  readonly attempts: { readonly failed: number; readonly remaining: number; readonly max: number };
  readonly deliveries: readonly {
    readonly id: string;
    readonly channel: 'sms' | 'voice';
    readonly state: string;
    readonly reason: string | null;
  }[];
  readonly next_step_at: string | null;
}

export interface CheckedJson {
  readonly id: string;
  readonly status: Status;
  /** While it is pending. */
  readonly remaining_attempts?: number;
  /** Of a refusal. */
  readonly code?: string;
}

/** The code that tests choose, and one that is wrong. */
export const CODE = '052736';
export const WRONG = '052737';

/** Starts one, with `CODE` unless `body` says otherwise. @param name of an Idempotency-Key */
export function start(caller: Caller, body: { to: string; [field: string]: unknown }, name?: string) {
  const drawn = 'code' in body || 'code_length' in body || 'alphabet' in body;
  const asked = {
    ...(drawn ? {} : { code: CODE }),
    ...('template' in body ? {} : { text: 'Your code is {code}' }),
    ...body,
  };
  return post<VerificationJson>(caller, '', asked, name);
}

/** Starts one, and gives what it is; rejects with the refusal. */
export async function started(caller: Caller, body: Parameters<typeof start>[1]): Promise<VerificationJson> {
  const answer = await start(caller, body);
  if (answer.status !== 201) throw new Error(`no verification: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export function check(caller: Caller, id: string, code: string, name?: string) {
  return post<CheckedJson>(caller, `/${id}/check`, { code }, name);
}

/** Checks against the newest pending one to a number. */
export function checkNumber(caller: Caller, to: string, code: string, name?: string) {
  return post<CheckedJson>(caller, '/check', { to, code }, name);
}

export function resend(caller: Caller, id: string, body: { channel?: 'sms' | 'voice' } = {}, name?: string) {
  return post<VerificationJson>(caller, `/${id}/resend`, body, name);
}

/** The workflow's next step, now. */
export function next(caller: Caller, id: string, name?: string) {
  return post<VerificationJson>(caller, `/${id}/next`, {}, name);
}

export function cancel(caller: Caller, id: string, name?: string) {
  return post<{ id: string; status: Status }>(caller, `/${id}/cancel`, {}, name);
}

export function feedback(caller: Caller, id: string, converted: boolean, name?: string) {
  return post<{ id: string; status: Status; converted: boolean }>(caller, `/${id}/feedback`, { converted }, name);
}

export async function show({ url, key }: Caller, id: string): Promise<VerificationJson> {
  const { status, body } = await call<VerificationJson>('GET', `${url}/v1/verifications/${id}`, { key });
  if (status !== 200) throw new Error(`no verification: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Whether an answer is that of an earlier request with the same Idempotency-Key. */
export function isReplay({ headers }: Answer): boolean {
  return headers.get('idempotent-replayed') === 'true';
}

/** The oldest message at a number that came after `after`, once there is one; null: none came within `wait` seconds. */
export function nextMessage(caller: Caller, to: string, after: { id: string } | null = null, wait = 30) {
  return nextAt<PhoneMessage>(caller, 'messages', to, after, wait);
}

/** The same of calls. */
export function nextCall(caller: Caller, to: string, after: { id: string } | null = null, wait = 30) {
  return nextAt<{ id: string; to: string; state: string }>(caller, 'calls', to, after, wait);
}

async function nextAt<Thing>(
  { url, key }: Caller,
  what: 'messages' | 'calls',
  to: string,
  after: { id: string } | null,
  wait: number,
): Promise<Thing | null> {
  const first = `${what === 'messages' ? 'msg' : 'call'}_00000000-0000-0000-0000-000000000000`;
  const query = new URLSearchParams({ to, after: after?.id ?? first, wait: `${wait}` });
  const { status, body } = await call<Thing>('GET', `${url}/v1/handset/${what}/next?${query}`, { key });
  if (status === 204) return null;
  if (status !== 200) throw new Error(`no ${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

function post<Body>({ url, key }: Caller, path: string, body: unknown, name?: string): Promise<Answer<Body>> {
  const headers: Record<string, string> = name === undefined ? {} : { 'idempotency-key': name };
  return call<Body>('POST', `${url}/v1/verifications${path}`, { key, body, headers });
}
