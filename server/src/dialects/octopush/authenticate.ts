import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { Directory } from '../../accounts/directory.ts';
import { loginOf } from '../../accounts/open-account.ts';
import { PassbellError } from '../../errors.ts';

/** Our keys have 42 characters. */
const MAX_KEY = 256;

const CALLER = 'octopushCaller';

/** Makes room on every request for who it speaks for. */
export function decorateCaller(app: FastifyInstance): void {
  app.decorateRequest(CALLER, null);
}

/** Who an authenticated request speaks for. */
export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER);
}

/**
 * Finds out who a request speaks for: by its API key, which must be one of the account whose e-mail stands in `api-login`. Rejects with
 * `unauthorized`, `forbidden` or `unavailable`. Node joins a header that is sent twice with a comma: that is no key and no e-mail any more.
 */
export function authenticates(directory: Pick<Directory, 'byApiKey'>): onRequestAsyncHookHandler {
  return async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const { 'api-login': login, 'api-key': key } = request.headers;
    if (!login || !key) throw new PassbellError('unauthorized', { reason: 'missing' });
    if (typeof login !== 'string' || typeof key !== 'string' || key.length > MAX_KEY) {
      throw new PassbellError('unauthorized', { reason: 'malformed' });
    }
    const caller = await directory.byApiKey(key);
    const isTheirs = readings(login).some((each) => loginOf(each) === caller.account.login);
    if (!isTheirs) throw new PassbellError('unauthorized', { reason: 'unknown' });
    request.setDecorator(CALLER, caller);
  };
}

/** A header as it may have been meant: Node reads its octets as Latin-1, most clients write UTF-8, and nothing says which it is. */
function readings(header: string): readonly string[] {
  const octets = Buffer.from(header, 'latin1');
  return isUtf8(octets) ? [header, octets.toString('utf8')] : [header];
}
