import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { AppDeps } from '../app-deps.ts';
import { endpoints } from '../dialects/native/endpoint.ts';
import {
  answerHandsetCall,
  hangUpHandsetCall,
  pressHandsetKeys,
  rejectHandsetCall,
} from '../dialects/native/handset-acts.ts';
import { listHandsetCalls, playHandsetCall, showHandsetCall } from '../dialects/native/handset-calls.ts';
import { followHandset } from '../dialects/native/handset-events.ts';
import { listHandsetMessages } from '../dialects/native/handset-messages.ts';
import type { Owner } from '../dialects/native/handset-wire.ts';

type Deps = Pick<AppDeps, 'handset' | 'handsetCalls' | 'log'> & {
  /** Rejects with `unauthorized` where there is no session. */
  readonly signedIn: (request: FastifyRequest) => Promise<Owner>;
  /** Throws `forbidden` where the request comes from a page of others. */
  readonly ownPagesOnly: (request: FastifyRequest) => void;
};

/** The sandbox phone, for whoever is signed in: what `/v1/handset` shows and does for test keys. */
export function consolePhone({ handset, handsetCalls: calls, log, signedIn, ownPagesOnly }: Deps): FastifyPluginAsync {
  return endpoints({
    prefix: '/console/api',
    log,
    async identify(request) {
      if (request.method !== 'GET') ownPagesOnly(request);
      return signedIn(request);
    },
    paths: {
      'GET /console/api/messages': listHandsetMessages(handset),
      'GET /console/api/events': followHandset({ handset, calls }),
      'GET /console/api/calls': listHandsetCalls(calls),
      'GET /console/api/calls/:id': showHandsetCall(calls),
      'GET /console/api/calls/:id/audio.wav': playHandsetCall(calls),
      'POST /console/api/calls/:id/answer': answerHandsetCall(calls),
      'POST /console/api/calls/:id/reject': rejectHandsetCall(calls),
      'POST /console/api/calls/:id/hangup': hangUpHandsetCall(calls),
      'POST /console/api/calls/:id/keys': pressHandsetKeys(calls),
    },
  });
}
