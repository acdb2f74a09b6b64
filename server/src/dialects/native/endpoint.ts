import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { PassbellError } from '../../errors.ts';
import type { Log } from '../../observe/log.ts';
import { isDeeper, MAX_DEPTH } from '../nesting.ts';
import { answersProblems, type BodyCures, sendError, sendNotAllowed } from './problem.ts';

/** A request as a handler sees it. */
export interface Call<Who> {
  readonly who: Who;
  /** Method and path with its parameters filled in, without the query. */
  readonly target: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  /** A header field that was given once, or undefined. */
  header(name: string): string | undefined;
}

/** What a handler answers: JSON, or nothing with 204. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler<Who> = (call: Call<Who>) => Promise<Answer>;

/** `METHOD /path` → what serves it. */
export type Paths<Who> = Readonly<Record<`${Method} /${string}`, Handler<Who>>>;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Endpoints<Who> {
  /** What all paths start with: below it, even a path that does not exist is answered here. */
  readonly prefix: string;
  readonly paths: Paths<Who>;
  /** Who asks. Rejects with `unauthorized`, `forbidden` or `unavailable`. */
  readonly identify: (request: FastifyRequest) => Promise<Who>;
  readonly log: Log;
  /** Where bodies are no JSON. */
  readonly bodies?: BodyCures;
}

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Serves paths to callers who are known, in JSON, with every error as problem details. */
export function endpoints<Who>({ prefix, paths, identify, log, bodies }: Endpoints<Who>): FastifyPluginAsync {
  return async (app) => {
    app.setErrorHandler(answersProblems(log, bodies));
    app.decorateRequest('who', null);
    // Before the body is read: strangers do not get to see their faults, nor to fill our memory.
    app.addHook('onRequest', async (request) => {
      request.setDecorator('who', await identify(request));
    });
    app.addHook('preHandler', async (request) => refuseDeep(request.body));

    const methods = new Map<string, Method[]>();
    for (const [line, handler] of Object.entries(paths)) {
      const [method, url] = line.split(' ') as [Method, string];
      methods.set(url, [...(methods.get(url) ?? []), method]);
      app.route({ method, url, handler: (request, reply) => answer(handler, request, reply) });
    }
    for (const [url, allowed] of methods) {
      app.route({
        method: METHODS.filter((method) => !allowed.includes(method as Method)),
        url,
        handler: async (request, reply) => sendNotAllowed(reply, request, allowed),
      });
    }
    await app.register(nothingElse, { prefix });
  };
}

function refuseDeep(body: unknown): void {
  // A file is flat, and millions of octets would be looked at one by one.
  if (body instanceof Uint8Array || !isDeeper(body)) return;
  const message = `must not be nested deeper than ${MAX_DEPTH} levels`;
  throw new PassbellError('invalid_request', { faults: [{ field: 'body', message }] });
}

/** Answers paths below the prefix that do not exist. */
async function nothingElse(app: FastifyInstance): Promise<void> {
  app.setNotFoundHandler((request, reply) =>
    sendError(reply, request, new PassbellError('not_found', { what: 'path' })),
  );
}

async function answer<Who>(handler: Handler<Who>, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const {
    status,
    body,
    headers = {},
  } = await handler({
    who: request.getDecorator<Who>('who'),
    target: `${request.method} ${request.url.split('?')[0]}`,
    params: request.params as Record<string, string>,
    query: request.query,
    body: request.body,
    header(name) {
      const value = request.headers[name];
      return Array.isArray(value) ? undefined : value;
    },
  });
  return reply.code(status).headers(headers).send(body);
}
