import { once } from 'node:events';
import { errorCodes, type FastifyPluginAsync, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { type Turnstile, turnstile } from '../../values/turnstile.ts';
import { MOST_AUDIO_BYTES } from '../../voice/audio-desk.ts';
import { AUDIO_CURES, deleteAudio, listAudio, playAudio, putAudio } from './audio.ts';
import { endpoints, type Paths } from './endpoint.ts';
import { keyHolder } from './key-holder.ts';

/** Also what `curl -T` sends, which is nothing: what a file is, its first octets say. */
const TYPES = [undefined, 'audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave', 'application/octet-stream'];

/** Files that are received at once, each of them in memory; and those whose connection waits for that. */
export const MOST_RECEIVED = 4;
const MOST_WAITING = 100;

/** The account's audio store: prompts and spelling files, the same for test and live keys. */
export function audioPaths({ audio }: Pick<AppDeps, 'audio'>): Paths<Caller> {
  return {
    'GET /v1/audio': listAudio(audio),
    'GET /v1/audio/*': playAudio(audio),
    'PUT /v1/audio/*': putAudio(audio),
    'DELETE /v1/audio/*': deleteAudio(audio),
  };
}

/** Serves it, to holders of a key. */
export function audioApi(
  { directory, log }: Pick<AppDeps, 'directory' | 'log'>,
  paths: Paths<Caller>,
): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_AUDIO_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    const inTurn = turnstile(MOST_RECEIVED, MOST_WAITING);
    app.addHook('preParsing', async (request, reply) => {
      if (request.method !== 'PUT') return;
      if (!TYPES.includes(typeOf(request))) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE();
      await until(inTurn, reply);
    });
    const identify = keyHolder(directory);
    await app.register(endpoints({ prefix: '/v1/audio', identify, log, bodies: AUDIO_CURES, paths }));
  };
}

/** Resolves when it is this request's turn, which lasts until it was answered or its client has gone. */
function until(inTurn: Turnstile, { raw }: FastifyReply): Promise<void> {
  return new Promise((resolve, reject) => {
    inTurn(async () => {
      resolve();
      if (!raw.closed) await once(raw, 'close');
    }).catch(reject);
  });
}

function typeOf({ headers }: FastifyRequest): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
}
