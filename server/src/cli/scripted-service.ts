/** One request, as a scripted service saw it. */
export interface Asked {
  /** Method, path and query: `GET /v1/handset/messages?limit=1`. */
  readonly line: string;
  readonly authorization: string | null;
  readonly body: unknown;
}

/** What is answered: a body for 200, or a status with a body. */
export type Answer = { readonly status: number; readonly body?: unknown } | { readonly body: unknown };

/** For tests: a `fetch` that answers from a script, and keeps what it was asked. `answer` may wait, or throw as a network does. */
export function scriptedService(answer: (line: string, nth: number) => Answer | Promise<Answer>) {
  const asked: Asked[] = [];

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(String(input));
    const line = `${init?.method ?? 'GET'} ${url.pathname}${url.search}`;
    const authorization = new Headers(init?.headers).get('authorization');
    asked.push({ line, authorization, body: init?.body === undefined ? null : JSON.parse(String(init.body)) });
    const given = await answer(line, asked.filter((request) => request.line === line).length);
    init?.signal?.throwIfAborted();
    const status = 'status' in given ? given.status : 200;
    return new Response(given.body === undefined ? null : JSON.stringify(given.body), { status });
  };

  return { fetch, asked };
}
