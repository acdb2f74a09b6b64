import type { FastifyPluginAsync } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { auditedPaths } from './acts.ts';
import { audioApi, audioPaths } from './audio-routes.ts';
import { listCallbackDeliveries, pingEndpoint, replayCallback, showCallbackDelivery } from './callback-deliveries.ts';
import { changeEndpoint, createEndpoint, listEndpoints, removeEndpoint, showEndpoint } from './callback-endpoints.ts';
import { listCalls, showCall } from './calls.ts';
import { listCredits, showBalance } from './credits.ts';
import { endpoints, type Paths } from './endpoint.ts';
import { eraseNumber } from './erasures.ts';
import { exportList } from './export.ts';
import { handsetApi, handsetPaths } from './handset-routes.ts';
import { callerScope } from './idempotency-key.ts';
import { keyHolder } from './key-holder.ts';
import { endKey, listKeys, makeKey } from './keys.ts';
import { listMessages, showMessage } from './messages.ts';
import { onceEach } from './once.ts';
import { nativeDocument } from './openapi/native-document.ts';
import { serveDocument } from './openapi/serve-document.ts';
import { addSender, listSenders, removeSender } from './senders.ts';
import { patchSettings, showSettings } from './settings.ts';
import {
  rotateEndpointSecret,
  rotateSigningSecret,
  showEndpointSecrets,
  showSigningSecrets,
} from './signing-secret.ts';
import { listTemplates, putTemplate, removeTemplate, showTemplate } from './templates.ts';
import { cancelVerification } from './verifications/cancel.ts';
import { checkCode, checkCodeByNumber } from './verifications/check.ts';
import { giveFeedback } from './verifications/feedback.ts';
import { listVerifications } from './verifications/list.ts';
import { nextStep, resendVerification } from './verifications/send-again.ts';
import { showVerification } from './verifications/show.ts';
import { createVerification } from './verifications/start.ts';
import { listVoices } from './voices.ts';

type Deps = Pick<
  AppDeps,
  | 'store'
  | 'changeAccount'
  | 'startVerification'
  | 'verifications'
  | 'carriers'
  | 'trunks'
  | 'vault'
  | 'directory'
  | 'handset'
  | 'handsetCalls'
  | 'audio'
  | 'signing'
  | 'callbackEndpoints'
  | 'callbackAllow'
  | 'audit'
  | 'eraseNumber'
  | 'clock'
  | 'random'
  | 'ids'
  | 'log'
  | 'publicUrl'
>;

/** Passbell's own API, `/v1`; the sandbox phone's paths stand in `handset-routes.ts`, those of files in `audio-routes.ts`. */
export function nativePaths(deps: Deps): Paths<Caller> {
  const onceOnly = onceEach(deps, callerScope);
  return {
    'POST /v1/verifications': createVerification(deps),
    'GET /v1/verifications': listVerifications(deps),
    'POST /v1/verifications/check': checkCodeByNumber(deps),
    'GET /v1/verifications/:id': showVerification(deps),
    'POST /v1/verifications/:id/check': checkCode(deps),
    'POST /v1/verifications/:id/resend': resendVerification(deps),
    'POST /v1/verifications/:id/next': nextStep(deps),
    'POST /v1/verifications/:id/cancel': cancelVerification(deps),
    'POST /v1/verifications/:id/feedback': giveFeedback(deps),
    'GET /v1/messages': listMessages(deps),
    'GET /v1/messages/:id': showMessage(deps),
    'GET /v1/calls': listCalls(deps),
    'GET /v1/calls/:id': showCall(deps),
    'GET /v1/templates': listTemplates(deps),
    'GET /v1/templates/:name': showTemplate(deps),
    'PUT /v1/templates/:name': putTemplate(deps),
    'DELETE /v1/templates/:name': removeTemplate(deps),
    'GET /v1/voices': listVoices(),
    'GET /v1/callbacks': listEndpoints(deps),
    'POST /v1/callbacks': onceOnly(createEndpoint(deps)),
    'GET /v1/callbacks/deliveries': listCallbackDeliveries(deps),
    'GET /v1/callbacks/deliveries/:id': showCallbackDelivery(deps),
    'POST /v1/callbacks/deliveries/:id/replay': onceOnly(replayCallback(deps)),
    'GET /v1/callbacks/secrets': showSigningSecrets(deps),
    'POST /v1/callbacks/secrets': onceOnly(rotateSigningSecret(deps)),
    'GET /v1/callbacks/:id': showEndpoint(deps),
    'PATCH /v1/callbacks/:id': changeEndpoint(deps),
    'DELETE /v1/callbacks/:id': removeEndpoint(deps),
    'POST /v1/callbacks/:id/ping': onceOnly(pingEndpoint(deps)),
    'GET /v1/callbacks/:id/secrets': showEndpointSecrets(deps),
    'POST /v1/callbacks/:id/secrets': onceOnly(rotateEndpointSecret(deps)),
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
    'GET /v1/export': exportList(deps),
    'POST /v1/erasures': onceOnly(eraseNumber(deps)),
  };
}

/** Serves all of it, to holders of a key. */
export function nativeApi(deps: Deps): FastifyPluginAsync {
  const { directory, log } = deps;
  const toldOf = auditedPaths(deps);
  const [paths, phone, files] = [toldOf(nativePaths(deps)), handsetPaths(deps), toldOf(audioPaths(deps))];
  const document = () => nativeDocument([paths, phone, files], deps.publicUrl);
  return async (app) => {
    await app.register(endpoints({ prefix: '/v1', identify: keyHolder(directory), log, paths }));
    await app.register(handsetApi(deps, phone));
    await app.register(audioApi(deps, files));
    await app.register(serveDocument({ path: '/v1/openapi.json', document }));
  };
}
