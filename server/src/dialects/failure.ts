import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type Fault, PassbellError } from '../errors.ts';
import type { Log } from '../observe/log.ts';

/** An error as a vendor's dialect answers it. */
export interface Failure {
  readonly status: number;
  /** A sentence for people; some of the vendors' clients show it as it is. */
  readonly message: string;
  /** Present where fields of the request are at fault. */
  readonly faults?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** What tells one dialect's failures from another's. */
export interface FailureStyle {
  /** What log lines call the dialect: `tingting`. */
  readonly dialect: string;
  /** The dialect's one table from the closed list. */
  readonly failureOf: (error: PassbellError) => Failure;
  readonly failureBody: (failure: Failure) => object;
}

export interface Failures {
  /**
   * Answers every error of the dialect's routes in its form. What nobody foresaw (`internal`, or not on the closed list) is logged, and
   * told to nobody.
   */
  answersErrors(log: Log): (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;
  answer(reply: FastifyReply, failure: Failure): FastifyReply;
}

/** Fastify's own refusals that deserve a sentence of their own, by its error codes. */
const EDGE: Readonly<Record<string, Failure>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, message: 'Send JSON, with "Content-Type: application/json".' },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, message: 'The body is larger than 64 KB.' },
};

export function failures({ dialect, failureOf, failureBody }: FailureStyle): Failures {
  function answer(reply: FastifyReply, failure: Failure): FastifyReply {
    if (failure.headers) reply.headers(failure.headers);
    return reply.code(failure.status).send(failureBody(failure));
  }

  function toFailure(error: unknown, request: FastifyRequest, log: Log): Failure {
    if (error instanceof PassbellError && error.code !== 'internal') return failureOf(error);
    const { code = '', statusCode = 500 } = error as Partial<FastifyError>;
    const known = EDGE[code];
    if (known) return known;
    // Fastify's: a body shorter than announced, a caller who hung up in the middle of it, and the like.
    if (statusCode >= 400 && statusCode < 500) return { status: statusCode, message: 'The request cannot be read.' };
    // The route's pattern, not its URL: a query may hold a number.
    const { method, routeOptions } = request;
    // What a store refused: where that came from tells more than where it was passed on.
    const cause = (error instanceof PassbellError && error.cause) || error;
    log.error(`${dialect}_request_failed`, { method, route: routeOptions.url ?? null }, cause);
    return failureOf(new PassbellError('internal', {}));
  }

  return {
    answersErrors: (log) => (error, request, reply) => answer(reply, toFailure(error, request, log)),
    answer,
  };
}

/** 429, with the seconds to wait: rounded up, a client that comes back at the second it was told must be let in. */
export function tooSoon(message: string, waitMs: number): Failure {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return {
    status: 429,
    message: `${message} Try again in ${seconds} second${seconds === 1 ? '' : 's'}.`,
    headers: { 'retry-after': String(seconds) },
  };
}
