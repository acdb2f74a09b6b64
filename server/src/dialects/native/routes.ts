import type { FastifyPluginAsync } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { audioApi } from './audio-routes.ts';
import { listCalls, showCall } from './calls.ts';
import { endpoints, type Handler } from './endpoint.ts';
import { handsetCallsApi } from './handset-calls-routes.ts';
import { handsetApi } from './handset-routes.ts';
import { keyHolder } from './key-holder.ts';
import { endKey, listKeys, makeKey } from './keys.ts';
import { balanceJson, ledgerPage } from './ledger.ts';
import { once } from './once.ts';
import { addSender, listSenders, removeSender } from './senders.ts';
import { patchSettings, showSettings } from './settings.ts';
import { rotateSigningSecret, showSigningSecrets } from './signing-secret.ts';
import { listVoices } from './voices.ts';

type Deps = Pick<
  AppDeps,
  | 'store'
  | 'changeAccount'
  | 'vault'
  | 'directory'
  | 'handset'
  | 'handsetCalls'
  | 'audio'
  | 'signing'
  | 'callbackAllow'
  | 'clock'
  | 'random'
  | 'ids'
  | 'log'
>;

/** Passbell's own API, `/v1`; the sandbox phone's paths stand in `handset-routes.ts` and `handset-calls-routes.ts`, those of files in `audio-routes.ts`. */
export function nativeApi(deps: Deps): FastifyPluginAsync {
  // Apart by mode: a test key must not replay the answer that shows a new live key.
  const onceOnly = (handler: Handler<Caller>) =>
    once(deps, ({ account, mode }) => ({ accountId: account.id, realm: mode }), handler);

  const paths = endpoints({
    prefix: '/v1',
    identify: keyHolder(deps.directory),
    log: deps.log,
    paths: {
      'GET /v1/calls': listCalls(deps),
      'GET /v1/calls/:id': showCall(deps),
      'GET /v1/voices': listVoices(),
      'GET /v1/callbacks/secrets': showSigningSecrets(deps),
      'POST /v1/callbacks/secrets': onceOnly(rotateSigningSecret(deps)),
      'GET /v1/balance': showBalance(deps),
      'GET /v1/credits': listCredits(deps),
      'GET /v1/keys': listKeys(deps),
      'POST /v1/keys': onceOnly(makeKey(deps)),
      'DELETE /v1/keys/:id': endKey(deps),
      'GET /v1/senders': listSenders(deps),
      'POST /v1/senders': onceOnly(addSender(deps)),
      'DELETE /v1/senders/:sender': removeSender(deps),
      'GET /v1/settings': showSettings(deps),
      'PATCH /v1/settings': patchSettings(deps),
    },
  });

  return async (app) => {
    await app.register(paths);
    await app.register(handsetApi(deps));
    await app.register(handsetCallsApi(deps));
    await app.register(audioApi(deps));
  };
}

function showBalance({ store }: Deps): Handler<Caller> {
  return async ({ who }) => ({ status: 200, body: balanceJson(await store.credits.balances(who.account.id)) });
}

function listCredits({ store }: Deps): Handler<Caller> {
  return async ({ who, query }) => ({ status: 200, body: await ledgerPage(store.credits, who.account.id, query) });
}
