import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import { provenance } from '../../accounts/provenance.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import { accessCookie } from './session-cookies.ts';

/** Our keys have 42 characters; the vendor's tokens 32 to 64. */
const MAX_TOKEN = 256;

const BEARER = /^Bearer +([^\s,]+)$/i;

const CALLER = 'tingtingCaller';

type Deps = Pick<AppDeps, 'directory' | 'sessions' | 'publicUrl'>;

/** Makes room on every request for who it speaks for. */
export function decorateCaller(app: FastifyInstance): void {
  app.decorateRequest(CALLER, null);
}

/** Who an authenticated request speaks for. */
export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER);
}

/**
 * Finds out who a request speaks for: a bearer token if the request has one, however wrong, else the access cookie of a session.
 * A request by cookie that changes something must also show that no foreign page made it (see `provenance.ts`).
 * Rejects with `unauthorized`, `forbidden` or `unavailable`.
 */
export function authenticates(deps: Deps): onRequestAsyncHookHandler {
  const { directory, sessions } = deps;

  async function bySession(request: FastifyRequest): Promise<Caller> {
    const token = accessCookie(request);
    if (token === null) throw new PassbellError('unauthorized', { reason: 'missing' });
    const caller = await sessions.caller(token);
    if (caller === null) throw new PassbellError('unauthorized', { reason: 'unknown' });
    if (changesSomething(request) && provenance(request.headers, deps.publicUrl) !== 'own') {
      throw new PassbellError('forbidden', { reason: 'csrf' });
    }
    return caller;
  }

  async function byToken(authorization: string, request: FastifyRequest): Promise<Caller> {
    const [, token] = BEARER.exec(authorization) ?? [];
    if (token === undefined || token.length > MAX_TOKEN || isRepeated(request.raw.rawHeaders)) {
      throw new PassbellError('unauthorized', { reason: 'malformed' });
    }
    return directory.byApiKey(token);
  }

  return async (request, reply) => {
    // Answers hold codes, numbers and tokens.
    reply.header('cache-control', 'no-store');
    const { authorization } = request.headers;
    const caller = authorization === undefined ? await bySession(request) : await byToken(authorization, request);
    request.setDecorator(CALLER, caller);
  };
}

function changesSomething({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** Node keeps the first of several Authorization headers; a proxy before it may have judged by the last. */
function isRepeated(rawHeaders: readonly string[]): boolean {
  let seen = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 13 && name.toLowerCase() === 'authorization') seen += 1;
  }
  return seen > 1;
}
