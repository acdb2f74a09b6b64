import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Caller } from '../accounts/caller.ts';
import type { AppDeps } from '../app-deps.ts';
import { endpoints } from '../dialects/native/endpoint.ts';
import { handsetCallHandlers } from '../dialects/native/handset-calls-handlers.ts';

type Deps = Pick<AppDeps, 'handsetCalls' | 'log'> & {
  /** Rejects with `unauthorized` where there is no session. */
  readonly signedIn: (request: FastifyRequest) => Promise<Pick<Caller, 'account'>>;
  /** Throws `forbidden` where the request comes from a page of others. */
  readonly ownPagesOnly: (request: FastifyRequest) => void;
};

/** The sandbox phone's calls, for whoever is signed in: what `/v1/handset/calls` shows and does for test keys. */
export function consoleCalls({ handsetCalls, log, signedIn, ownPagesOnly }: Deps): FastifyPluginAsync {
  const { list, show, play, answer, reject, hangUp, keys } = handsetCallHandlers(handsetCalls);
  return endpoints({
    prefix: '/console/api/calls',
    log,
    async identify(request) {
      if (request.method !== 'GET') ownPagesOnly(request);
      return signedIn(request);
    },
    paths: {
      'GET /console/api/calls': list,
      'GET /console/api/calls/:id': show,
      'GET /console/api/calls/:id/audio.wav': play,
      'POST /console/api/calls/:id/answer': answer,
      'POST /console/api/calls/:id/reject': reject,
      'POST /console/api/calls/:id/hangup': hangUp,
      'POST /console/api/calls/:id/keys': keys,
    },
  });
}
