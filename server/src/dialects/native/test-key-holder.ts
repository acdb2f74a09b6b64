import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { Directory } from '../../accounts/directory.ts';
import { PassbellError } from '../../errors.ts';
import { keyHolder } from './key-holder.ts';

/** Who holds the request's test key: what reaches the sandbox phone was sent with one. */
export function testKeyHolder(directory: Pick<Directory, 'byApiKey'>): (request: FastifyRequest) => Promise<Caller> {
  const holder = keyHolder(directory);
  return async (request) => {
    const caller = await holder(request);
    if (caller.mode !== 'test') throw new PassbellError('forbidden', { reason: 'test_key_only' });
    return caller;
  };
}
