/** What `GET /console/api/status` answers. */
export interface Status {
  readonly account: { readonly name: string; readonly mode: 'test' | 'live' };
  readonly role: 'operator' | 'member';
  /** Null for members: what runs is the operator's to see. */
  readonly service: Service | null;
}

export interface Service {
  readonly version: string;
  readonly node: string;
  readonly store: 'sqlite' | 'postgres';
  readonly ready: boolean;
  readonly uptime_seconds: number;
  readonly queued: number;
  readonly carriers: readonly Uplink[];
  readonly trunks: readonly Uplink[];
}

/** A carrier, for messages, or a trunk, for calls. */
export interface Uplink {
  readonly name: string;
  readonly mode: 'test' | 'live';
  readonly priority: number;
  readonly state: 'up' | 'degraded' | 'down';
  readonly free: number;
  readonly trouble: string | null;
}

/** A message of the sandbox phone. */
export interface Message {
  readonly id: string;
  readonly to: string;
  readonly from: string | null;
  readonly text: string;
  readonly segments: number;
  readonly encoding: 'gsm7' | 'ucs2';
  readonly data_coding: number;
  readonly parts: readonly string[];
  readonly received_at: string;
}

/** An answer that is not 2xx; `message` is a sentence for people. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function getStatus(): Promise<Status> {
  return (await (await ask('status')).json()) as Status;
}

/** Newest first. */
export async function getMessages(): Promise<readonly Message[]> {
  return ((await (await ask('messages?limit=100')).json()) as { data: readonly Message[] }).data;
}

export async function signIn(email: string, password: string): Promise<void> {
  await post('sign-in', { email, password });
}

export async function signOut(): Promise<void> {
  await post('sign-out');
}

export function openEvents(): EventSource {
  return new EventSource('/console/api/events');
}

export async function post(path: string, body?: object): Promise<Response> {
  const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return ask(path, { method: 'POST', ...json });
}

/** Asks a path below `/console/api`. Rejects with `Refused` for every answer that is not 2xx, and when none comes. */
export async function ask(path: string, init?: RequestInit): Promise<Response> {
  const answer = await fetch(`/console/api/${path}`, init).catch(() => {
    throw new Refused(0, 'The service does not answer.');
  });
  if (!answer.ok) throw new Refused(answer.status, await reason(answer));
  return answer;
}

/** The sentence in a problem document (RFC 9457); proxies answer other things. */
async function reason(answer: Response): Promise<string> {
  try {
    const problem = (await answer.json()) as { detail?: string; title?: string };
    return problem.detail ?? problem.title ?? answer.statusText;
  } catch {
    return `The service answered ${answer.status}.`;
  }
}
