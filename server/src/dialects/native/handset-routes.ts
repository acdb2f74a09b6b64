import type { FastifyPluginAsync } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { endpoints, type Paths } from './endpoint.ts';
import { answerHandsetCall, hangUpHandsetCall, pressHandsetKeys, rejectHandsetCall } from './handset-acts.ts';
import { listHandsetCalls, nextHandsetCall, playHandsetCall, showHandsetCall } from './handset-calls.ts';
import { followHandset } from './handset-events.ts';
import { listHandsetMessages, nextHandsetMessage } from './handset-messages.ts';
import { callerScope } from './idempotency-key.ts';
import { type OnceDeps, onceEach } from './once.ts';
import { testKeyHolder } from './test-key-holder.ts';

type Deps = OnceDeps &
  Pick<AppDeps, 'handset' | 'handsetCalls'> & { readonly directory: Pick<AppDeps['directory'], 'byApiKey'> };

/** The paths of the sandbox phone. */
export function handsetPaths(deps: Deps): Paths<Caller> {
  const { handset, handsetCalls: calls } = deps;
  const onceOnly = onceEach(deps, callerScope);
  return {
    'GET /v1/handset/messages': listHandsetMessages(handset),
    'GET /v1/handset/messages/next': nextHandsetMessage(handset),
    'GET /v1/handset/calls': listHandsetCalls(calls),
    'GET /v1/handset/calls/next': nextHandsetCall(calls),
    'GET /v1/handset/calls/:id': showHandsetCall(calls),
    'GET /v1/handset/calls/:id/audio.wav': playHandsetCall(calls),
    'POST /v1/handset/calls/:id/answer': onceOnly(answerHandsetCall(calls)),
    'POST /v1/handset/calls/:id/reject': onceOnly(rejectHandsetCall(calls)),
    'POST /v1/handset/calls/:id/hangup': onceOnly(hangUpHandsetCall(calls)),
    'POST /v1/handset/calls/:id/keys': onceOnly(pressHandsetKeys(calls)),
    'GET /v1/handset/events': followHandset({ handset, calls }),
  };
}

/** Serves them, to test keys alone. */
export function handsetApi(deps: Deps, paths: Paths<Caller>): FastifyPluginAsync {
  const { directory, log } = deps;
  return endpoints({ prefix: '/v1/handset', identify: testKeyHolder(directory), log, paths });
}
