import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { PassbellError } from '../../errors.ts';
import type { Log } from '../../observe/log.ts';
import { isDeeper, MAX_DEPTH } from '../nesting.ts';
import type { Call, Operation } from './operation.ts';
import { answersProblems, type BodyCures, sendError, sendNotAllowed } from './problem.ts';
import { requestSignals } from './request-signal.ts';

export type { Answer, Call, Handler } from './operation.ts';

/** `METHOD /path` → what serves it. */
export type Paths<Who> = Readonly<Record<`${Method} /${string}`, Operation<Who>>>;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

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

/**
 * Serves operations to callers who are known, in JSON, with every error as problem details.
 *
 * To add one: a function beside its kin returns `operation({ … })`, and a line of the table in `routes.ts` gives it a path.
 *
 * ```ts
 * export function addSender({ changeAccount }: Deps): Operation<Caller> {
 *   return operation({
 *     id: 'addSender',                           // unique; the method's name in generated clients
 *     summary: 'Add a sender',
 *     tag: 'Settings',                           // one of openapi/native-document.ts
 *     params: { id: … },                         // of the path, where it has some: for the document
 *     query: reads(schema),                      // or readsGiven, pageQuery: what the handler gets as `query`
 *     body: reads(schema),                       // or readsJudged; `bodyOptional: true` reads {} where there is none
 *     allow: mustOwnSettings,                    // where not every key may
 *     answers: { 201: { description: 'It was added.', body: senderSchema } },
 *     problems: ['conflict'],                    // beside those that any operation may answer: see `problemsOf` in openapi
 *     async handle({ who, body }) {              // answers what `answers` says: TypeScript holds it to that
 *       …
 *       return { status: 201, body: { sender: body.sender } };
 *     },
 *   });
 * }
 * ```
 *
 * `onceOnly(…)` in `routes.ts` gives it an `Idempotency-Key`; one that keeps its own replays says `idempotent: true`. The document
 * at `/v1/openapi.json` is made of these same operations, and `e2e/openapi` sends thousands of requests after it: every answer has to
 * be as its schema says. So schemas of answers have descriptions, units and examples, and `additionalProperties: false`.
 */
export function endpoints<Who>({ prefix, paths, identify, log, bodies }: Endpoints<Who>): FastifyPluginAsync {
  return async (app) => {
    app.setErrorHandler(answersProblems(log, bodies));
    // Fastify reads plain text by itself. Nothing here is sent so: it is refused as every other type is.
    app.removeContentTypeParser('text/plain');
    app.decorateRequest('who', null);
    // Before the body is read: strangers do not get to see their faults, nor to fill our memory.
    app.addHook('onRequest', async (request) => {
      request.setDecorator('who', await identify(request));
      // Many clients call everything JSON, also nothing.
      if (isNoJson(request)) delete request.headers['content-type'];
    });
    app.addHook('preHandler', async (request) => refuseDeep(request.body));
    const answer = answers(identify, requestSignals(app));

    const methods = new Map<string, Method[]>();
    for (const [line, operation] of Object.entries(paths)) {
      const [method, url] = line.split(' ') as [Method, string];
      methods.set(url, [...(methods.get(url) ?? []), method]);
      app.route({ method, url, handler: (request, reply) => answer(operation, request, reply) });
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

function isNoJson({ headers }: FastifyRequest): boolean {
  const isEmpty = headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
  return isEmpty && headers['content-type']?.startsWith('application/json') === true;
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

function answers<Who>(
  identify: (request: FastifyRequest) => Promise<Who>,
  signalOf: (reply: FastifyReply) => AbortSignal,
) {
  return async ({ allow, handle, once, answers }: Operation<Who>, request: FastifyRequest, reply: FastifyReply) => {
    const call: Call<Who> = {
      who: request.getDecorator<Who>('who'),
      target: `${request.method} ${request.url.split('?')[0]}`,
      requestId: request.id,
      params: request.params as Record<string, string>,
      query: request.query,
      body: request.body,
      signal: () => signalOf(reply),
      header(name) {
        const value = request.headers[name];
        return Array.isArray(value) ? undefined : value;
      },
      identifyAgain: () => identify(request),
    };
    allow?.(call.who);
    const answer = await (once === undefined ? handle(call) : once(call, () => handle(call)));
    const { status, body, headers = {} } = answer;
    const type = answers[status]?.type;
    if (type !== undefined) reply.type(type);
    return reply.code(status).headers(headers).send(body);
  };
}
