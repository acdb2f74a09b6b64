import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import { sendMessageEvents } from './handset-events.ts';
import { listQuery, messageJson, nextQuery } from './handset-wire.ts';
import { keyHolder } from './key-holder.ts';
import { answersProblems } from './problem.ts';
import { requestSignals } from './request-signal.ts';

type Deps = Pick<AppDeps, 'handset' | 'log'> & { readonly directory: Pick<AppDeps['directory'], 'byApiKey'> };

/** The paths of the sandbox phone: for test keys alone. */
export function handsetApi({ directory, handset, log }: Deps): FastifyPluginAsync {
  return async (app) => {
    app.setErrorHandler(answersProblems(log));
    const signalOf = requestSignals(app);

    const holder = keyHolder(directory);

    async function reader(request: FastifyRequest): Promise<Caller> {
      const caller = await holder(request);
      if (caller.mode !== 'test') throw new PassbellError('forbidden', { reason: 'test_key_only' });
      return caller;
    }

    app.get('/v1/handset/messages', async (request) => {
      const { account } = await reader(request);
      const { to, limit } = listQuery(request.query, account.country);
      return { data: (await handset.messages(account.id, to, limit)).map(messageJson) };
    });

    app.get('/v1/handset/messages/next', async (request, reply) => {
      const { account } = await reader(request);
      const { to, after, waitMs } = nextQuery(request.query, account.country);
      const message = await handset.next(account.id, to, after, waitMs, signalOf(reply));
      // The key may have been revoked during the wait.
      await reader(request);
      return message === null ? reply.code(204).send() : messageJson(message);
    });

    app.get('/v1/handset/events', async (request, reply) => {
      const { account } = await reader(request);
      return sendMessageEvents(request, reply, {
        handset,
        accountId: account.id,
        mayRead: () => reader(request),
        signal: signalOf(reply),
      });
    });
  };
}
