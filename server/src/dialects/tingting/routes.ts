import type { FastifyPluginAsync } from 'fastify';
import type { AppDeps } from '../../app-deps.ts';
import { speakJson } from '../json-body.ts';
import { generatesApiKey, showsApiKey } from './api-keys.ts';
import { authenticates, decorateCaller } from './authenticate.ts';
import { answersErrors } from './error-handler.ts';
import { listsOtps } from './list.ts';
import { sends } from './send.ts';
import { refreshesSession, signsIn } from './sign-in.ts';
import { answersUnrouted } from './unrouted.ts';
import { showsProfile } from './user-profile.ts';
import { voiceModels } from './voices.ts';
import { timeZones } from './zoned-time.ts';

export type TingtingDeps = Pick<
  AppDeps,
  'store' | 'vault' | 'directory' | 'sessions' | 'audit' | 'sendOtp' | 'clock' | 'random' | 'ids' | 'log' | 'publicUrl'
>;

/**
 * TingTing's OTP API, both ages of it. A plugin of its own: its parser, errors, 404 and 405 reach no other dialect.
 * The service's router must ignore trailing slashes.
 */
export function tingtingApi(deps: TingtingDeps): FastifyPluginAsync {
  const zones = timeZones();
  const lists = '/api/v1/auths/list/send-otps/';

  return async (app) => {
    speakJson(app);
    app.setErrorHandler(answersErrors(deps.log));
    answersUnrouted(app, ['/api/v1', '/api/system']);
    decorateCaller(app);
    const onRequest = authenticates(deps);

    app.post('/api/v1/auths/login/', signsIn(deps));
    app.post('/api/v1/auths/login/refresh/', refreshesSession(deps));

    app.post('/api/v1/auths/generate-api-keys/', { onRequest }, generatesApiKey(deps));
    app.get('/api/v1/auths/get-api-keys/', { onRequest }, showsApiKey(deps, zones));
    app.get('/api/v1/auths/user-profile/', { onRequest }, showsProfile(deps));
    app.get('/api/v1/voice-models/', { onRequest }, async () => voiceModels);

    app.post('/api/v1/auths/send/otp/', { onRequest }, sends(deps, 'v1'));
    app.post('/api/system/send/otp/', { onRequest }, sends(deps, 'system'));
    app.get(lists, { onRequest }, listsOtps(deps, zones, lists));
  };
}
