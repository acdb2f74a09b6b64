import type { FastifyPluginAsync } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { endpoints, type Handler } from './endpoint.ts';
import { handsetCallHandlers } from './handset-calls-handlers.ts';
import { callJson, nextCallQuery } from './handset-calls-wire.ts';
import { type OnceDeps, once } from './once.ts';
import { answersProblems } from './problem.ts';
import { requestSignals } from './request-signal.ts';
import { testKeyHolder } from './test-key-holder.ts';

type Deps = OnceDeps & Pick<AppDeps, 'handsetCalls'> & { readonly directory: Pick<AppDeps['directory'], 'byApiKey'> };

/** The paths of the sandbox phone's calls, for test keys alone. */
export function handsetCallsApi(deps: Deps): FastifyPluginAsync {
  const { directory, handsetCalls: calls, log } = deps;
  const reader = testKeyHolder(directory);
  const { list, show, play, answer, reject, hangUp, keys } = handsetCallHandlers(calls);
  const act = (handler: Handler<Caller>) =>
    once(deps, ({ account, mode }) => ({ accountId: account.id, realm: mode }), handler);

  const paths = endpoints<Caller>({
    prefix: '/v1/handset/calls',
    identify: reader,
    log,
    paths: {
      'GET /v1/handset/calls': list,
      'GET /v1/handset/calls/:id': show,
      'GET /v1/handset/calls/:id/audio.wav': play,
      'POST /v1/handset/calls/:id/answer': act(answer),
      'POST /v1/handset/calls/:id/reject': act(reject),
      'POST /v1/handset/calls/:id/hangup': act(hangUp),
      'POST /v1/handset/calls/:id/keys': act(keys),
    },
  });

  return async (app) => {
    await app.register(paths);
    app.setErrorHandler(answersProblems(log));
    const signalOf = requestSignals(app);

    app.get('/v1/handset/calls/next', async (request, reply) => {
      const { account } = await reader(request);
      const { to, after, waitMs } = nextCallQuery(request.query, account.country);
      const call = await calls.next(account.id, to, after, waitMs, signalOf(reply));
      // The key may have been revoked during the wait.
      await reader(request);
      return call === null ? reply.code(204).send() : callJson(call);
    });
  };
}
