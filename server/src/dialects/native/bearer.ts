import type { FastifyRequest } from 'fastify';
import { PassbellError } from '../../errors.ts';

/** Our longest key has 43 characters. */
const MAX_LENGTH = 256;

/** RFC 6750 §2.1. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * The token of the request's one Authorization header.
 * @throws {PassbellError} `unauthorized`: there is none, more than one, or no bearer token in it.
 */
export function bearerToken(request: FastifyRequest): string {
  const { authorization } = request.headers;
  if (authorization === undefined) throw new PassbellError('unauthorized', { reason: 'missing' });
  const [, token] = (authorization.length <= MAX_LENGTH && BEARER.exec(authorization)) || [];
  // Node keeps the first of several; a proxy before it may have judged by the last.
  if (token === undefined || occurrences(request.raw.rawHeaders) !== 1) {
    throw new PassbellError('unauthorized', { reason: 'malformed' });
  }
  return token;
}

function occurrences(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'authorization').length;
}
