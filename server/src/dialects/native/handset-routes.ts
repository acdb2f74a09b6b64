import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app.ts';
import { PassbellError } from '../../errors.ts';
import { sendMessageEvents } from './handset-events.ts';
import { handsetQuery, messageJson } from './handset-wire.ts';
import { requestSignals } from './request-signal.ts';

/** The paths of the sandbox phone. Throws `PassbellError`s for the error handler of the scope it is mounted in. */
export function handsetApi(deps: Pick<AppDeps, 'directory' | 'handset'>): FastifyPluginAsync {
  const { directory, handset } = deps;

  return async (app) => {
    const signalOf = requestSignals(app);

    async function reader(request: FastifyRequest): Promise<Caller> {
      const caller = await directory.byApiKey(bearer(request));
      if (caller.mode !== 'test') throw new PassbellError('forbidden', { reason: 'test_key_only' });
      return caller;
    }

    app.get('/v1/handset/messages', async (request) => {
      const { account } = await reader(request);
      const { to, limit } = handsetQuery(request.query, ['to', 'limit'], account.country);
      return { data: (await handset.messages(account.id, to, limit)).map(messageJson) };
    });

    app.get('/v1/handset/messages/next', async (request, reply) => {
      const { account } = await reader(request);
      const { to, after, waitMs } = handsetQuery(request.query, ['to', 'after', 'wait'], account.country);
      const message = await handset.next(account.id, to, after, waitMs, signalOf(reply));
      // The key may have been revoked during the wait.
      await reader(request);
      return message === null ? reply.code(204).send() : messageJson(message);
    });

    app.get('/v1/handset/events', async (request, reply) => {
      const { account } = await reader(request);
      handsetQuery(request.query, [], account.country);
      return sendMessageEvents(request, reply, {
        handset,
        accountId: account.id,
        mayRead: () => reader(request),
        signal: signalOf(reply),
      });
    });
  };
}

function bearer(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (header === undefined) throw new PassbellError('unauthorized', { reason: 'missing' });
  const key = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (key === undefined) throw new PassbellError('unauthorized', { reason: 'malformed' });
  return key;
}
