import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PassbellError } from '../../errors.ts';
import type { Log } from '../../observe/log.ts';
import { type Failure, failureBody, failureOf } from './errors.ts';

/** Fastify's own refusals that deserve a sentence of their own, by its error codes. */
const EDGE: Readonly<Record<string, Failure>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, message: 'Send JSON, with "Content-Type: application/json".' },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, message: 'The body is larger than 64 KB.' },
};

/**
 * Answers every error of this dialect's routes in its form. What nobody foresaw (`internal`, or not on the closed list) is logged,
 * and told to nobody.
 */
export function answersErrors(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    answer(reply, toFailure(error, request, log));
}

export function answer(reply: FastifyReply, failure: Failure): FastifyReply {
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
  // The route's pattern, not its URL: a query may hold what is nobody's business.
  const { method, routeOptions } = request;
  // What a store refused: where that came from tells more than where it was passed on.
  const cause = (error instanceof PassbellError && error.cause) || error;
  log.error('cm_request_failed', { method, route: routeOptions.url ?? null }, cause);
  return failureOf(new PassbellError('internal', {}));
}
