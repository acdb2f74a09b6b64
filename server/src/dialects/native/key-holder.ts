import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { Directory } from '../../accounts/directory.ts';
import { parseKey } from '../../accounts/key.ts';
import { PassbellError } from '../../errors.ts';
import { bearerToken } from './bearer.ts';

/** Who holds the request's key. A product token is CM.com's: it opens nothing here. */
export function keyHolder(directory: Pick<Directory, 'byApiKey'>): (request: FastifyRequest) => Promise<Caller> {
  return async (request) => {
    const token = bearerToken(request);
    if (parseKey(token)?.kind === 'product_token') throw new PassbellError('unauthorized', { reason: 'unknown' });
    return directory.byApiKey(token);
  };
}
