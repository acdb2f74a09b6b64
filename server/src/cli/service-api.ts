import type { Command } from 'commander';
import { type AnswerOptions, jsonFlag } from './answer.ts';
import { faulty } from './readings.ts';
import { notPassbell, refused, unreachable } from './service-refusal.ts';
import type { Shell } from './shell.ts';

/** What a command that asks a running server is given on its line. */
export interface ServiceOptions extends AnswerOptions {
  readonly url?: string;
  readonly key?: string;
}

/** Gives `command` the flags of `ServiceOptions`, after its own. */
export function serviceFlags(command: Command): Command {
  return jsonFlag(
    command
      .option('--url <url>', 'the server (PASSBELL_URL; default http://127.0.0.1:8080)')
      .option('--key <key>', 'API key; better in PASSBELL_API_KEY, which no process list shows'),
  );
}

/** A running server, asked with one key. Every method rejects with a `CommandError` when the answer is no. */
export interface ServiceApi {
  readonly url: string;
  get(path: string, query?: Readonly<Record<string, string | number | null>>): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
}

/** Longer than the handset's longest wait. */
const TIMEOUT_MS = 75_000;

/** @param fields how the command line names the fields that the server may find fault with */
export function serviceApi(
  shell: Shell,
  options: ServiceOptions,
  fields: Readonly<Record<string, string>> = {},
): ServiceApi {
  const { fetch, env, signal } = shell;
  const url = (options.url ?? (env['PASSBELL_URL'] || 'http://127.0.0.1:8080')).replace(/\/+$/, '');
  const key = options.key ?? env['PASSBELL_API_KEY'] ?? '';
  if (!URL.canParse(url) || !/^https?:\/\//.test(url)) {
    throw faulty([
      { field: options.url === undefined ? 'PASSBELL_URL' : '--url', message: `'${url}' is not an http URL` },
    ]);
  }
  if (key === '') {
    const message = 'no key is given: set PASSBELL_API_KEY, or make one with `passbell key create`';
    throw faulty([{ field: '--key', message }]);
  }

  async function call(path: string, init: RequestInit): Promise<unknown> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    let answer: Response;
    let text: string;
    try {
      const until = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      answer = await fetch(url + path, { ...init, headers, redirect: 'error', signal: until });
      text = await answer.text();
    } catch (error) {
      throw unreachable(url, error);
    }
    const body = parse(text);
    if (!answer.ok) throw refused(url, answer, body, fields);
    if (answer.status !== 204 && body === undefined) throw notPassbell(url);
    return body;
  }

  return {
    url,
    get(path, query = {}) {
      const given = Object.entries(query).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
      return call(given.length === 0 ? path : `${path}?${new URLSearchParams(given as [string, string][])}`, {});
    },
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
