import type { FastifyPluginAsync, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { AppDeps } from '../../app-deps.ts';
import { speakJson } from '../json-body.ts';
import { authenticates, decorateCaller } from './authenticate.ts';
import { answer, answersErrors } from './error-handler.ts';
import { type GenerateDeps, generates } from './generate.ts';
import { validates } from './validate.ts';

export type OctopushDeps = Pick<AppDeps, 'directory' | 'log' | 'verifications'> & GenerateDeps;

/**
 * Octopush's OTP service. A plugin of its own: its parser, errors, 404 and 405 reach no other dialect, though they stand under `/v1` as
 * Passbell's own API does. The service's router must ignore trailing slashes.
 */
export function octopushApi(deps: OctopushDeps): FastifyPluginAsync {
  return async (app) => {
    speakJson(app);
    app.addHook('onRequest', saysJson);
    app.setErrorHandler(answersErrors(deps.log));
    decorateCaller(app);
    const onRequest = authenticates(deps.directory);

    function serve(methods: readonly HTTPMethods[], url: string, handler: Handler): void {
      const allow = methods.join(', ');
      async function refusesMethod(_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
        return answer(reply, { status: 405, message: `This path takes ${allow} only.`, headers: { allow } });
      }
      app.route({ method: [...methods], url, onRequest, handler });
      const others = METHODS.filter((method) => !methods.includes(method));
      // Before the body is looked at: nothing but path and method decide.
      app.route({ method: others, url, onRequest: refusesMethod, handler: refusesMethod });
    }

    serve(['POST'], '/v1/public/service/otp/generate', generates(deps));
    serve(['PUT', 'POST'], '/v1/public/service/otp/validate', validates(deps));
    for (const url of ['/v1/public', '/v1/public/*']) app.all(url, { onRequest: refusesPath }, refusesPath);
  };
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Whatever a body is called, it is read as JSON: curl and PHP call it a form unless they are told otherwise. */
async function saysJson({ headers }: FastifyRequest): Promise<void> {
  headers['content-type'] = 'application/json';
}

async function refusesPath(_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return answer(reply, { status: 404, message: 'There is no such path: of the services, OTP is served.' });
}
