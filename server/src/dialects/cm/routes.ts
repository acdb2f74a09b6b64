import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { AppDeps } from '../../app-deps.ts';
import { speakJson } from '../json-body.ts';
import { authenticates, decorateCaller } from './authenticate.ts';
import { type CdrDeps, showsCdr } from './cdr.ts';
import { answer, answersErrors } from './error-handler.ts';
import { type SendDeps, sends } from './send.ts';
import { listsLanguages, listsVoices } from './voices.ts';

export type CmDeps = Pick<AppDeps, 'directory' | 'log'> & SendDeps & CdrDeps;

/**
 * CM.com's Voice API, as far as one-time codes go. A plugin of its own: its parser, errors, 404 and 405 reach no other dialect.
 * The service's router must ignore trailing slashes.
 */
export function cmApi(deps: CmDeps): FastifyPluginAsync {
  return async (app) => {
    speakJson(app);
    app.setErrorHandler(answersErrors(deps.log));
    decorateCaller(app);
    const serve = serves(app, authenticates(deps.directory));
    const send = sends(deps);

    serve('POST', '/voiceapi/v2/:instruction(^[Oo][Tt][Pp]$)', send);
    // The path on the vendor's old host.
    serve('POST', '/v2.0/:instruction(^[Oo][Tt][Pp]$)', send);
    serve('GET', '/voice-cdr/v1/:accountId', showsCdr(deps));
    serve('GET', '/voicesendapi/v1.0/tts/languages', listsLanguages);
    serve('GET', '/voicesendapi/v1.0/tts/languages/:code', listsVoices);

    for (const prefix of ['/voiceapi', '/v2.0', '/voice-cdr', '/voicesendapi']) {
      app.all(`${prefix}/*`, { onRequest: refusesPath }, refusesPath);
    }
  };
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Serves a path by one method to callers who are known; the other methods get 405 with `Allow` (RFC 9110 §15.5.6). */
function serves(app: FastifyInstance, onRequest: ReturnType<typeof authenticates>) {
  return (method: 'GET' | 'POST', url: string, handler: Handler): void => {
    async function refusesMethod(_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      return answer(reply, { status: 405, message: `This path takes ${method} only.`, headers: { allow: method } });
    }
    app.route({ method, url, onRequest, handler });
    const others = METHODS.filter((other) => other !== method);
    // Before the body is looked at: nothing but path and method decide.
    app.route({ method: others, url, onRequest: refusesMethod, handler: refusesMethod });
  };
}

async function refusesPath(_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return answer(reply, { status: 404, message: 'There is no such path: of the instructions, OTP is served.' });
}
