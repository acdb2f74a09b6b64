import type { Static, TSchema } from '@sinclair/typebox';
import { refuseBody, refuseQuery } from './nothing-asked.ts';
import type { ProblemCode } from './problem.ts';

/** A request as a handler sees it. */
export interface Call<Who, Query = unknown, Body = unknown> {
  readonly who: Who;
  /** Method and path with its parameters filled in, without the query. */
  readonly target: string;
  /** As problems and the log have it. */
  readonly requestId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Aborted when the client goes away, and when the server begins to close: for requests that wait. */
  signal(): AbortSignal;
  /** A header field that was given once, or undefined. */
  header(name: string): string | undefined;
  /** Asks once more who it is: a key may have been revoked during a wait. Rejects as the first time. */
  identifyAgain(): Promise<Who>;
}

/** What a handler answers: JSON, octets, a stream, or nothing. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler<Who> = (call: Call<Who>) => Promise<Answer>;

/** Reads a query or a body, and throws PassbellError `invalid_request` where it is not as `schema` has it. `reads` makes them. */
export interface Reader<T, Who = unknown> {
  (value: unknown, who: Who): T;
  readonly schema: TSchema;
}

/** A body that is no JSON. */
export interface FileBody {
  readonly type: string;
  readonly description: string;
}

/** One answer that an operation gives when all is well. */
export interface AnswerShape {
  readonly description: string;
  /** Of JSON. */
  readonly body?: TSchema;
  /** The media type of what is no JSON. */
  readonly type?: string;
  /** Header fields beside those that every answer may have. */
  readonly headers?: Readonly<Record<string, TSchema>>;
}

export type Answers = Readonly<Record<number, AnswerShape>>;

/** What a path does with one method: how it is served, and all that the OpenAPI document says of it. */
export interface Operation<Who> {
  /** Its name in clients that are generated from the document: a verb and what it is done to, as in `listCalls`. */
  readonly id: string;
  /** A few words; `description` has the rest. */
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  /** The path's parameters; one that is not here is any text. They are not read: a handler answers what is no id with `not_found`. */
  readonly params?: Readonly<Record<string, TSchema>>;
  /** Header fields that it looks at. */
  readonly headers?: Readonly<Record<string, TSchema>>;
  readonly query?: TSchema;
  /** Absent: it takes none. */
  readonly body?: TSchema | FileBody;
  /** The body may be left out. */
  readonly bodyOptional?: boolean;
  /**
   * Throws `forbidden` for callers who may not do this; absent: all may. Asked before all else: what was answered to an `Idempotency-Key` when
   * they still might is not for them either.
   */
  readonly allow?: (who: Who) => void;
  /** An `Idempotency-Key` may stand beside the request. */
  readonly idempotent?: boolean;
  /** Has `work` done once for each key, with all that belongs to it; absent: its work sees to that itself, or it takes no key. */
  readonly once?: (call: Call<Who>, work: () => Promise<Answer>) => Promise<Answer>;
  readonly answers: Answers;
  /** What it refuses with, beside what any may: see `problemsOf`. */
  readonly problems: readonly ProblemCode[];
  readonly handle: Handler<Who>;
}

interface Described<Who, Query, Body, A extends Answers, S extends number>
  extends Omit<Operation<Who>, 'query' | 'body' | 'problems' | 'handle'> {
  readonly query?: Reader<Query, NoInfer<Who>>;
  readonly body?: Reader<Body, NoInfer<Who>> | FileBody;
  readonly problems?: readonly ProblemCode[];
  readonly answers: A;
  // Without `S`, TypeScript takes `status: 200` for any number.
  readonly handle: (call: Call<Who, Query, Body>) => Promise<{ readonly status: S } & AnswerOf<A>>;
}

type AnswerOf<A extends Answers> = {
  [S in keyof A & number]: Pick<Answer, 'headers'> & { readonly status: S } & BodyOf<A[S]>;
}[keyof A & number];

type BodyOf<S> = S extends { readonly body: infer B extends TSchema }
  ? { readonly body: Frozen<Static<B>> }
  : S extends { readonly type: string }
    ? { readonly body: unknown }
    : { readonly body?: undefined };

/** Answers are written from data that nobody may change. */
type Frozen<T> = T extends readonly (infer E)[]
  ? readonly Frozen<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/**
 * An operation whose handler is given query and body as their readers return them, and may answer what `answers` has and nothing else.
 * Where it has no reader for one of them, a request that has something there is refused: a typing error is no silent default.
 */
export function operation<
  Who,
  Query = unknown,
  Body = unknown,
  const A extends Answers = Answers,
  S extends keyof A & number = keyof A & number,
>(described: Described<Who, Query, Body, A, S>): Operation<Who> {
  const { query, body, problems = [], handle, ...rest } = described;
  return {
    ...rest,
    ...(query !== undefined && { query: query.schema }),
    ...(body !== undefined && { body: typeof body === 'function' ? body.schema : body }),
    problems,
    handle: async (call) => {
      if (query === undefined) refuseQuery(call.query);
      if (body === undefined) refuseBody(call.body);
      return handle({
        ...call,
        query: (query === undefined ? call.query : query(call.query, call.who)) as Query,
        body: (typeof body === 'function' ? body(bodyOf(call, rest), call.who) : call.body) as Body,
      });
    },
  };
}

function bodyOf({ body }: Call<unknown>, { bodyOptional = false }: Pick<Operation<unknown>, 'bodyOptional'>): unknown {
  return bodyOptional ? (body ?? {}) : body;
}
