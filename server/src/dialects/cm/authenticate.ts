import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { Directory } from '../../accounts/directory.ts';
import { PassbellError } from '../../errors.ts';

/** Header names are lower case in Node, however they were sent. */
const HEADER = 'x-cm-producttoken';

/** A GUID has 36 characters. */
const MAX_TOKEN = 64;

const CALLER = 'cmCaller';

/** Makes room on every request for who it speaks for. */
export function decorateCaller(app: FastifyInstance): void {
  app.decorateRequest(CALLER, null);
}

/** Who an authenticated request speaks for. */
export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER);
}

/**
 * Finds out who a request speaks for, by its product token. Rejects with `unauthorized`, `forbidden` or `unavailable`.
 * Node joins a header that is sent twice with a comma: that is no token any more.
 */
export function authenticates(directory: Pick<Directory, 'byProductToken'>): onRequestAsyncHookHandler {
  return async (request, reply) => {
    // Answers name numbers.
    reply.header('cache-control', 'no-store');
    const token = request.headers[HEADER];
    if (token === undefined) throw new PassbellError('unauthorized', { reason: 'missing' });
    if (typeof token !== 'string' || token.length > MAX_TOKEN) {
      throw new PassbellError('unauthorized', { reason: 'malformed' });
    }
    request.setDecorator(CALLER, await directory.byProductToken(token));
  };
}
