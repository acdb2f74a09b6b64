import type { FastifyPluginAsync } from 'fastify';
import type { AppDeps } from '../../app-deps.ts';
import { sendHandsetEvents } from './handset-events.ts';
import { listQuery, messageJson, nextQuery } from './handset-wire.ts';
import { answersProblems } from './problem.ts';
import { requestSignals } from './request-signal.ts';
import { testKeyHolder } from './test-key-holder.ts';

type Deps = Pick<AppDeps, 'handset' | 'handsetCalls' | 'log'> & {
  readonly directory: Pick<AppDeps['directory'], 'byApiKey'>;
};

/** The paths of the sandbox phone, for test keys alone: its messages, and all that happens at it. Its calls stand in `handset-calls-routes.ts`. */
export function handsetApi({ directory, handset, handsetCalls, log }: Deps): FastifyPluginAsync {
  return async (app) => {
    app.setErrorHandler(answersProblems(log));
    const signalOf = requestSignals(app);
    const reader = testKeyHolder(directory);

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
      return sendHandsetEvents(request, reply, {
        handset,
        calls: handsetCalls,
        accountId: account.id,
        mayRead: () => reader(request),
        signal: signalOf(reply),
      });
    });
  };
}
