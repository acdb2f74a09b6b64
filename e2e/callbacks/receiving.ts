import { Webhook } from 'standardwebhooks';
import { type Answer, call } from '../service/api.ts';
import type { ReceivedCallback } from '../service/callback-receiver.ts';

/** A callback endpoint as `/v1/callbacks` shows it. */
export interface EndpointJson {
  readonly id: string;
  readonly mode: 'test' | 'live';
  readonly url: string;
  readonly events: readonly string[];
  readonly state: 'enabled' | 'disabled';
  readonly reason: 'gone' | 'switched_off' | null;
  /** In the answer that made it. */
  readonly secret: string;
}

/** What was told to one receiver, as `/v1/callbacks/deliveries` shows it. */
export interface DeliveryJson {
  readonly id: string;
  readonly endpoint: string | null;
  readonly event: string;
  readonly subject: string;
  readonly state: 'pending' | 'delivered' | 'given_up' | 'disabled';
  readonly attempts: number;
  readonly response_status: number | null;
}

export interface SecretsJson {
  readonly data: readonly { readonly secret: string; readonly expires_at: string | null }[];
}

/** Asks `/v1/callbacks…` with a key. */
export function callbacksApi(url: string, key: string) {
  return async <Body>(method: string, path = '', body?: unknown): Promise<Answer<Body>> =>
    call<Body>(method, `${url}/v1/callbacks${path}`, { key, ...(body === undefined ? {} : { body }) });
}

export async function makeEndpoint(url: string, key: string, body: object): Promise<EndpointJson> {
  const made = await callbacksApi(url, key)<EndpointJson>('POST', '', body);
  if (made.status !== 201) throw new Error(`no endpoint: ${made.status} ${JSON.stringify(made.body)}`);
  return made.body;
}

/** What the published library reads from a callback; throws unless it was signed with `secret`. */
export function verified(secret: string, { text, headers }: ReceivedCallback): unknown {
  return new Webhook(secret).verify(text, headers as Record<string, string>);
}

export const idOf = ({ headers }: ReceivedCallback): string => String(headers['webhook-id']);

/** Of this event, at this path. */
export const isOf = (path: string, event: string) => (callback: ReceivedCallback) =>
  callback.path === path && callback.body['type'] === event;
