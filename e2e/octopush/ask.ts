import { type Answer, call } from '../service/api.ts';
import { eventually } from '../service/eventually.ts';
import type { PhoneMessage } from '../service/inbox.ts';

/** An account as Octopush's clients know one. */
export interface Login {
  readonly url: string;
  readonly login: string;
  readonly key: string;
}

export interface Generated {
  readonly code: number;
  readonly message: string;
  readonly ticket_number: string;
  readonly otp_request_token: string;
}

export interface Validated {
  readonly code: number;
  readonly message: string;
  readonly remaining_number_of_attempts?: number;
}

export function generate(who: Login, body: object): Promise<Answer<Generated>> {
  return ask('POST', 'generate', who, body);
}

export function validate(who: Login, body: object): Promise<Answer<Validated>> {
  return ask('PUT', 'validate', who, body);
}

function ask<Body>(method: string, path: string, { url, login, key }: Login, body: object): Promise<Answer<Body>> {
  const headers = { 'api-login': login, 'api-key': key };
  return call<Body>(method, `${url}/v1/public/service/otp/${path}`, { headers, body });
}

/** The messages that the sandbox phone has at a number, newest first, once there are `count`. */
export async function messagesAt({ url, key }: Login, to: string, count = 1): Promise<readonly PhoneMessage[]> {
  const path = `${url}/v1/handset/messages?to=${encodeURIComponent(to)}`;
  const { body } = await eventually(
    () => call<{ data: readonly PhoneMessage[] }>('GET', path, { key }),
    ({ body: { data } }) => data.length >= count,
  );
  return body.data;
}

/** The newest message at a number, and the code of six digits in it. */
export async function received(who: Login, to: string, count = 1): Promise<{ message: PhoneMessage; code: string }> {
  const [message] = await messagesAt(who, to, count);
  const [code] = /(?<!\d)\d{6}(?!\d)/.exec(message?.text ?? '') ?? [];
  if (message === undefined || code === undefined) throw new Error(`no code at ${to}`);
  return { message, code };
}
